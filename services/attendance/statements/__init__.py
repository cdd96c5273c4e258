"""A person's own statement: the days of a month, what made them so, and who looked at them."""
