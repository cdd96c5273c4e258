"""The attendance policy of an agency: dated versions for everybody, or for a group of people."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from contracts.policies import GroupTerms, PolicyChanged, PolicyRequest, PolicyTerms
from rules.patterns import PatternVersion
from rules.policy_terms import pattern_of, week_of
from services.attendance.policies.terms import terms_of

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class PolicyVersion:
    """One version: what it says, whom it rules, from which day, by which decree."""

    number: int
    id: str
    group: GroupTerms | None
    effective_from: dt.date
    recorded_at: dt.datetime
    decree: str | None
    terms: PolicyTerms

    @cached_property
    def pattern(self) -> PatternVersion:
        """The working pattern by which days are judged."""
        return pattern_of(
            self.terms,
            version=self.id,
            effective_from=self.effective_from,
            recorded_at=self.recorded_at,
            decree=self.decree,
        )

    @property
    def line(self) -> str | None:
        """The versions that replace each other: those of one group, or of the whole agency."""
        return self.group.name if self.group else None

    def names(self, employee: str) -> bool:
        """Whether the version's group names this person."""
        return employee in self._employees

    def has_post(self, position: str | None) -> bool:
        """Whether the post begins as the posts of the version's group do, in any case."""
        return position is not None and position.casefold().startswith(self._positions)

    @cached_property
    def _employees(self) -> frozenset[str]:
        return frozenset(self.group.employees if self.group else ())

    @cached_property
    def _positions(self) -> tuple[str, ...]:
        return tuple(each.casefold() for each in self.group.positions) if self.group else ()


@dataclass(frozen=True, slots=True)
class AgencyPolicy:
    """Every version an agency has entered, in the order they were recorded.

    ``written_at`` is when the newest was written, for those who keep all of it in memory.
    """

    agency: AgencyCode
    versions: tuple[PolicyVersion, ...]
    written_at: dt.datetime

    @classmethod
    def blank(cls, agency: str, at: dt.datetime) -> "AgencyPolicy":
        """An agency that has entered nothing yet."""
        return cls(AgencyCode(agency), (), at)

    def version(self, id_: str) -> PolicyVersion | None:
        """The version of this id."""
        return next((each for each in self.versions if each.id == id_), None)

    def with_version(
        self, request: PolicyRequest, *, recorded_at: dt.datetime, written_at: dt.datetime
    ) -> "AgencyPolicy":
        """The same policy with a further version; refused where a field cannot be."""
        number = len(self.versions) + 1
        version = PolicyVersion(
            number=number,
            id=f"{self.agency}-v{number}",
            group=request.group,
            effective_from=request.effective_from,
            recorded_at=max([recorded_at, *(each.recorded_at for each in self.versions)]),
            decree=request.decree,
            terms=terms_of(request),
        )
        return replace(self, versions=(*self.versions, version), written_at=written_at)

    def add(
        self, request: PolicyRequest, *, recorded_at: dt.datetime, written_at: dt.datetime
    ) -> "Decision[AgencyPolicy]":
        """Enter a version; days it rules and that were judged before are judged anew by event."""
        policy = self.with_version(request, recorded_at=recorded_at, written_at=written_at)
        return Decision(policy, (policy.changed(),))

    def changed(self) -> PolicyChanged:
        """The event that states the newest version."""
        newest = self.versions[-1]
        return PolicyChanged(
            agency=self.agency,
            policy=newest.id,
            group=newest.line,
            positions=newest.group.positions if newest.group else (),
            members=len(newest.group.employees) if newest.group else 0,
            effective_from=newest.effective_from,
            until=self._until(newest),
            recorded_at=newest.recorded_at,
            decree=newest.decree,
            weekly_minutes=week_of(newest.terms.week).minutes,
            terms=newest.terms,
        )

    def _until(self, version: PolicyVersion) -> dt.date | None:
        """The day before the next version of the same line begins."""
        later = [
            each.effective_from
            for each in self.versions
            if each.line == version.line and each.effective_from > version.effective_from
        ]
        return min(later) - _DAY if later else None
