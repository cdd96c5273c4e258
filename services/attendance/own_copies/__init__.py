"""Copies of what the directory says, with every dated version."""
