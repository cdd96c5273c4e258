"""The national performance frame: plan, feedback, review and predicate."""
