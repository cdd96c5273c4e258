"""Kills and restarts under load, and the account afterwards; ``python -m tests.faults``."""
