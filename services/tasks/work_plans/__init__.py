"""What tasks are made from and found by again: templates, recurrences, saved filters."""
