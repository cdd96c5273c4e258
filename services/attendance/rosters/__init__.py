"""Duty rosters as agencies enter them, month by month."""
