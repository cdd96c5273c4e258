"""A person's data as a whole: handed out on request, exact positions removed on order."""
