"""What machines are told to do at their next call, and what came of it."""
