"""Closed months of agencies: what is still open, locking their days, and what comes afterwards."""
