"""Long work of this service."""
