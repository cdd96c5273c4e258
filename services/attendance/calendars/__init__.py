"""Calendars as the city enters them: days off, and named spans such as Ramadan."""
