"""The front door: HTTP in, messages out, verdicts and answers back; no state of its own."""
