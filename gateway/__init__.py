"""The front door: HTTP in, messages out, verdicts and answers back; it holds no state of its own."""
