"""Requests for a decision: what absences, corrections, work elsewhere and general acts share."""
