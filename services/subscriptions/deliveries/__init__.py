"""Deliveries: from the log to each subscriber's queue, from a cursor of its own."""
