"""The names of the services, in the order in which they start."""

SERVICES = ("directory", "attendance", "tasks", "kpi", "subscriptions")
