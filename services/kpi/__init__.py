"""The KPI service: a ledger of facts, indicators as versions, scores that explain themselves."""
