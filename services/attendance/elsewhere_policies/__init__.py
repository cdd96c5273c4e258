"""Policies of work elsewhere: quotas, area, excluded posts and dates, version by version."""
