"""Who asks: short-lived signed access tokens, and the accounts closed since they were signed."""
