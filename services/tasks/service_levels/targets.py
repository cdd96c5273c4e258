"""How long a party may hold the ball, in working minutes, and which version says so.

The nearest agency that entered a version rules: the agency itself, else those above it, else what
ships with the product. A version keeps counting for what began under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

from contracts.help_terms import Priority
from contracts.service_levels import CompletionTargets, ResponseTargets, ServiceLevelTerms
from rules.agencies import AgencyTree
from rules.versions import in_force, layered


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version says for one priority; minutes are working minutes."""

    version: str
    response_minutes: int
    completion_minutes: int | None = None
    warn_percent: int = 75
    escalate_after_minutes: tuple[int, ...] = ()

    def steps(self, target: int, *, levels_above: int) -> tuple[int, ...]:
        """The minutes at which a clock warns, is breached, and goes up level by level."""
        breach = target + 1
        warning = ceil(target * self.warn_percent / 100)
        further = self.escalate_after_minutes[:levels_above]
        return (warning, breach, *(breach + minutes for minutes in further))


@dataclass(frozen=True, slots=True)
class LevelVersion:
    """One version of an agency's service levels."""

    number: int
    id: str
    effective_from: date
    recorded_at: datetime
    decree: str | None
    terms: ServiceLevelTerms

    def of(self, priority: Priority) -> Terms:
        """What it says for a priority."""
        return Terms(
            self.id,
            getattr(self.terms.response_minutes, priority),
            getattr(self.terms.completion_minutes, priority),
            self.terms.warn_percent,
            self.terms.escalate_after_minutes,
        )


SHIPPED = LevelVersion(
    number=0,
    id="default/2026-01-01",
    effective_from=date(1, 1, 1),
    recorded_at=datetime(2025, 12, 31, tzinfo=UTC),
    decree=None,
    terms=ServiceLevelTerms(
        response_minutes=ResponseTargets(low=240, normal=240, high=240, urgent=240),
        completion_minutes=CompletionTargets(),
        warn_percent=75,
        escalate_after_minutes=(480,),
    ),
)
"""Half a working day, whatever the priority, until the city decides otherwise."""

SILENCE_CONFIRMS_AFTER_WORKING_DAYS = 10
"""So long the asking agency may say nothing about a delivery."""


class LevelBook:
    """Every version that was entered, and which of them rules an agency on a day."""

    def __init__(self, entered: Mapping[str, tuple[LevelVersion, ...]], tree: AgencyTree) -> None:
        self._entered = entered
        self._tree = tree

    def ruling(self, agency: str, on: date) -> LevelVersion:
        """The version that rules an agency on a day."""
        path = reversed(self._tree.path(agency))
        layers = [self._entered[above] for above in path if self._entered.get(above)]
        return in_force(layered([(SHIPPED,), *layers]), on) or SHIPPED

    def terms(self, agency: str, priority: Priority, on: date) -> Terms:
        """What rules an agency's requests of a priority that begin on a day."""
        return self.ruling(agency, on).of(priority)

    def of_everybody(self, asking: str, priority: Priority, on: date) -> Terms:
        """What rules an open call: the version of the top of the asking agency's tree."""
        return self.terms(self._tree.path(asking)[-1], priority, on)


NOTHING_ENTERED = LevelBook({}, AgencyTree({}))
"""The levels of a city that has entered none."""
