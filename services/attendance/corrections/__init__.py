"""Corrections: what really happened on a day, where it was not recorded so."""
