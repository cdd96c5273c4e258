"""Facts from other services, once each, unchanged."""
