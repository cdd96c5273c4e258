"""How long a party may hold the ball, in working minutes.

A version keeps counting for what began under it.
"""

from dataclasses import dataclass

from contracts.help_terms import Priority


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by priority; the completion target is the time until the moment asked for."""

    version: str
    response_minutes: dict[Priority, int]

    def response(self, priority: Priority) -> int:
        """Working minutes from the request to an acceptance or a decline."""
        return self.response_minutes[priority]


DEFAULT = Targets(
    version="default/2026-01-01",
    response_minutes={"low": 240, "normal": 240, "high": 240, "urgent": 240},
)
"""Half a working day, whatever the priority, until the city decides otherwise."""

SILENCE_CONFIRMS_AFTER_WORKING_DAYS = 10
"""So long the asking agency may say nothing about a delivery."""
