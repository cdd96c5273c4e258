"""What attendance and performance come to, in percent of the allowance."""
