"""Work elsewhere: days outside the offices, within quotas, with a report of the output."""
