"""Kinds of absence: those of the release, and the versions the city enters."""
