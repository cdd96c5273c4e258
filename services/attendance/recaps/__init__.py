"""Recaps: what the days of a month add up to, with the rules the figures come from."""
