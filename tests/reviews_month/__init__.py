"""A generated month with planted cases: what the detectors of reviews find in it and what not."""
