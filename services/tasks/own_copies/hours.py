"""What each agency works by: its own policy and calendar, else those above it, else the city's.

Only versions for a whole agency count; those of its groups rule people, not the agency.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from contracts.calendars import CalendarChanged
from contracts.policies import PolicyChanged
from rules.agencies import AgencyTree
from rules.calendars import Calendar, Holiday, Span, national_calendar
from rules.patterns import PatternVersion
from rules.policy_terms import pattern_of
from rules.presets import SURAKARTA_ORDINARY
from rules.versions import layered
from rules.working_time import Schedule

NATIONAL = "national"
"""The code of the calendar that applies to everybody."""


class WorkingHours:
    """The schedules of agencies, each made once; equal ones of an agency are one object."""

    def __init__(
        self,
        tree: AgencyTree,
        policies: Iterable[PolicyChanged] = (),
        calendars: Mapping[str, Calendar] | None = None,
    ) -> None:
        self._tree = tree
        self._calendars = dict(calendars or {})
        self._patterns: dict[str, list[PatternVersion]] = {}
        for policy in policies:
            if policy.group is None:
                self._patterns.setdefault(policy.agency, []).append(_pattern(policy))
        self._schedules: dict[tuple[str | None, str], Schedule] = {}

    def schedule_of(self, agency: str | None, zone: str) -> Schedule:
        """What an agency works by; what nobody is, works by what the city has in common."""
        if (agency, zone) not in self._schedules:
            path = self._tree.path(agency) if agency else ()
            entered = (self._patterns[above] for above in reversed(path) if above in self._patterns)
            self._schedules[agency, zone] = Schedule(
                zone=zone,
                patterns=layered([SURAKARTA_ORDINARY, *entered]),
                calendars=tuple(self._calendars_of(path)),
            )
        return self._schedules[agency, zone]

    def _calendars_of(self, path: Iterable[str]) -> Iterator[Calendar]:
        for above in path:
            if above in self._calendars:
                yield self._calendars[above]
        yield self._calendars.get(NATIONAL, national_calendar())


def calendar_of(state: CalendarChanged, revision: int) -> Calendar:
    """The calendar that an event states."""
    return Calendar(
        id=f"{state.code}/{revision}",
        effective_from=date.min,
        recorded_at=state.recorded_at,
        days=tuple(Holiday(day.date, day.kind, day.name_id, day.name_en) for day in state.days),
        spans=tuple(Span(span.name, span.first, span.last) for span in state.spans),
        decree=state.decree,
    )


def _pattern(policy: PolicyChanged) -> PatternVersion:
    return pattern_of(
        policy.terms,
        version=policy.policy,
        effective_from=policy.effective_from,
        recorded_at=policy.recorded_at,
        decree=policy.decree,
    )
