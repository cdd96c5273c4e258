"""Subscriptions: the log of all events, the feed that reads it, and deliveries to subscribers."""
