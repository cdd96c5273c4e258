"""Attendance policies as agencies enter them: versions for the agency or a group of its people."""
