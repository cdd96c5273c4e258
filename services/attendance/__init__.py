"""Attendance: check-ins, the days they make, presence, and the patterns that rule them."""
