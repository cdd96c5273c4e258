"""The lines of attendance machines: kept as they came, and counted as their people's punches."""
