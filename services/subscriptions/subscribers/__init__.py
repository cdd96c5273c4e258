"""Standing subscriptions of other governments and systems: who gets what, and how."""
