"""Reviews: odd check-ins are found by night and shown to those who decide what they mean."""
