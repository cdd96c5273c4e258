"""What containers need that images cannot hold: secrets, users, virtual hosts."""
