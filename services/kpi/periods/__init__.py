"""Months, quarters and years: which days and which monthly scorecards they consist of."""
