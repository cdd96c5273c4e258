"""Absence without leave in a year, held against the thresholds of the law."""
