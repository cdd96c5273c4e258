"""MongoDB: aggregates, projections, ledgers, marks; the only package that imports the driver."""
