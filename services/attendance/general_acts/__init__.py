"""General acts: floods, outages, orders, election duty; one decision for many, undone as one."""
