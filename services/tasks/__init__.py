"""Tasks and help between agencies: requests, their life, their clocks, their records."""
