"""Check-ins on duty outside every office, which wait for the supervisor."""
