"""Attendance machines and their export files."""
