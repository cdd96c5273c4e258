"""Figures for dashboards: courses, peers, before and after."""
