"""The long work of attendance: which kinds there are, and who may see them."""
