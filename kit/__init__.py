"""Plumbing that every process shares; it knows no business word."""
