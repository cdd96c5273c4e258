"""Working patterns as attendance applies them: the rules of one day, and the day of one moment."""
