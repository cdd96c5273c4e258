"""Days: what a person recorded on a working day, and what the rules of that day make of it."""
