"""Notifications: who is told of what, their inbox, and how they want to hear."""
