"""Rules that several services decide by: agencies, assignments, calendars, patterns, working time.

Everything here is a function of values. Nothing reads a clock, a database or a setting; the only
file read is the package's own data (the national calendar), once.
"""
