"""Scores per person, agency and period, and why each is what it is."""
