"""What people and other systems measure for indicators, by hand, with keys, or in files."""
