"""Tickets: passes for one use, by which a stream is opened."""
