"""The pattern a city works by until it enters one of its own (sources: ``rules/presets.py``)."""

from rules.presets import (
    SURAKARTA_HEALTH,
    SURAKARTA_ORDINARY,
    SURAKARTA_SCHOOL,
    city_schedule,
)

__all__ = ["SURAKARTA_HEALTH", "SURAKARTA_ORDINARY", "SURAKARTA_SCHOOL", "city_schedule"]
