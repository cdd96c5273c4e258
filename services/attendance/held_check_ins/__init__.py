"""Check-ins that wait for the supervisor: on duty elsewhere, or offline too often."""
