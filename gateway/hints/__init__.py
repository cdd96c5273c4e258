"""Hints: what of interest to a person has changed just now; the data always come by query."""
