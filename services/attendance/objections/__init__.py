"""Objections to a day's finding: raised by a deadline, answered once, with an effect on the day."""
