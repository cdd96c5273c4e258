"""Counts per agency and day, the only attendance that outsiders see."""
