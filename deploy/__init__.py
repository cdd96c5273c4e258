"""How the product is brought up: locally by one command, in containers, and the demo city."""
