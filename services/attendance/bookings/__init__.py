"""Bookings: a person's time is asked for once, and within its quota."""
