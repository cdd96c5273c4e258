"""Offline days: on how many days of a month a person's captures made offline simply count."""
