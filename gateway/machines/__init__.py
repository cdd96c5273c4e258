"""The protocol of attendance machines: paths, words, bodies read piece by piece."""
