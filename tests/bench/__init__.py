"""Measurements of the whole system under load; ``python -m tests.bench``."""
