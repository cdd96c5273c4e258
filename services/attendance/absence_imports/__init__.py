"""Imports of absences: what the personnel system approved, taken over from its file."""
