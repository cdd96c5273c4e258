"""Which pattern and which calendars rule whom: what is nearer goes before what is above.

For a person of an agency: a group of that agency that names the person, a group that takes in the
post, the agency's own version, then the same of the agency above, and at last the pattern that
ships with the product. Each has a day it rules from; before that day what is above it rules.
Calendars add up: the nearest that knows a day says what it is.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from rules.agencies import AgencyTree
from rules.calendars import Calendar, national_calendar
from rules.patterns import PatternVersion
from rules.presets import SURAKARTA_ORDINARY
from rules.versions import in_force, layered
from rules.working_time import Schedule
from services.attendance.calendars.model import NATIONAL
from services.attendance.policies.model import AgencyPolicy, PolicyVersion

_Line = tuple[str, str | None]
_Versions = tuple[PolicyVersion, ...]


class RuleBook:
    """Policies and calendars of one moment; schedules that are equal are one object."""

    def __init__(
        self,
        policies: Mapping[str, AgencyPolicy],
        calendars: Mapping[str, Calendar],
        tree: AgencyTree,
    ) -> None:
        self._calendars = calendars
        self._tree = tree
        self._lines = {agency: _lines(policy) for agency, policy in policies.items()}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._schedules: dict[tuple[str, str, _Line | None], Schedule] = {}

    def schedule(
        self, agency: str, zone: str, on: date, *, employee: str, position: str | None
    ) -> Schedule:
        """What a person with this post works by on a day and around it."""
        return self._schedule(agency, zone, self._group(agency, on, employee, position))

    def ruling(self, agency: str, on: date) -> Iterator[tuple[str, PolicyVersion]]:
        """What has been entered and rules people of an agency that day, with whose it is.

        Nearest first, groups before everybody; what a nearer version hides rules nobody here.
        """
        for above in self.path(agency):
            lines = self._lines.get(above, {})
            for name in sorted(lines, key=lambda name: (name is None, name)):
                if (version := in_force(lines[name], on)) is not None:
                    yield above, version
            if in_force(lines.get(None, ()), on) is not None:
                return

    def patterns_ruling(self, agency: str, on: date) -> Iterator[PatternVersion]:
        """Every version that judges the day of somebody in the agency; the shipped one at last."""
        for _, version in self.ruling(agency, on):
            yield version.pattern
        if (shipped := in_force(SURAKARTA_ORDINARY, on)) is not None:
            yield shipped

    def path(self, agency: str) -> tuple[str, ...]:
        """The agency and everything above it."""
        if agency not in self._paths:
            self._paths[agency] = self._tree.path(agency)
        return self._paths[agency]

    def _group(self, agency: str, on: date, employee: str, position: str | None) -> _Line | None:
        """The group whose version goes before every other one for this person that day."""
        for above in self.path(agency):
            lines = self._lines.get(above)
            if lines is None:
                continue
            ruling = [
                (name, version)
                for name, versions in sorted(lines.items(), key=lambda line: line[0] or "")
                if name is not None and (version := in_force(versions, on)) is not None
            ]
            for name, version in ruling:
                if version.names(employee):
                    return above, name
            for name, version in ruling:
                if version.has_post(position):
                    return above, name
            if in_force(lines.get(None, ()), on) is not None:
                return None
        return None

    def _schedule(self, agency: str, zone: str, group: _Line | None) -> Schedule:
        key = (agency, zone, group)
        if key not in self._schedules:
            self._schedules[key] = Schedule(
                zone=zone,
                patterns=self._patterns(agency, group),
                calendars=tuple(self._calendars_of(agency)),
            )
        return self._schedules[key]

    def _patterns(self, agency: str, group: _Line | None) -> tuple[PatternVersion, ...]:
        """One row of versions: a nearer one rules from its first day on, what is above before."""
        nearest_last = reversed(list(self._layers(agency, group)))
        entered = ([version.pattern for version in layer] for layer in nearest_last)
        return layered([SURAKARTA_ORDINARY, *entered])

    def _layers(self, agency: str, group: _Line | None) -> Iterator[_Versions]:
        for above in self.path(agency):
            lines = self._lines.get(above, {})
            if group is not None and group[0] == above:
                yield lines[group[1]]
            if lines.get(None):
                yield lines[None]

    def _calendars_of(self, agency: str) -> Iterator[Calendar]:
        for above in self.path(agency):
            if above in self._calendars:
                yield self._calendars[above]
        yield self._calendars.get(NATIONAL, national_calendar())


def _lines(policy: AgencyPolicy) -> dict[str | None, _Versions]:
    lines: dict[str | None, _Versions] = {}
    for version in policy.versions:
        lines[version.line] = (*lines.get(version.line, ()), version)
    return lines
