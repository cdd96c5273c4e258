"""The played day: a working day of the demo city over the public API, with an account of it."""
