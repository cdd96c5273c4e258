"""Days computed anew: a command with progress that reports old and new for each change."""
