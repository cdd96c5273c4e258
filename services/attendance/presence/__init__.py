"""Presence: who is in which office now."""
