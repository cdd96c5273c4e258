"""Approvals: what waits for one person, of every sort, and deciding much of it at once."""
