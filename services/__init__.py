"""The services: each a process of its own with a database of its own; none imports another."""
