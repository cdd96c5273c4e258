"""The log: every event once, at a position without gaps, and the feed that reads it in order."""
