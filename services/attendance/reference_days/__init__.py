"""Parallel running: what the old system says of a day, kept beside ours and compared with it."""
