"""An agency's month as attendance holds it: open, locked, and each revision of the lock. Pure."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from contracts.periods import AttendanceLocked, AttendanceUnlocked, LockState
from services.attendance.days.figures import Lock


@dataclass(frozen=True, slots=True)
class Revision:
    """What was locked: how many days, under which digest, and the fingerprint of its closing."""

    number: int
    locked_at: datetime
    days: int
    digest: str
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyPeriod:
    """The days of an agency in a month; ``revision`` counts how often it was to be locked.

    ``job`` is the long work that locks or unlocks. Locking an agency's month is asked for by
    events, which may come late or twice; an older revision changes nothing.
    """

    agency: AgencyCode
    period: str
    written_at: datetime
    state: LockState = "open"
    revision: int = 0
    job: str | None = None
    revisions: tuple[Revision, ...] = ()

    @property
    def id(self) -> str:
        """The key of the document."""
        return period_id(self.agency, self.period)

    @property
    def last(self) -> Revision | None:
        """The newest lock that was completed."""
        return self.revisions[-1] if self.revisions else None

    @property
    def closed(self) -> Revision | None:
        """The lock that holds now."""
        return self.last if self.state == "locked" else None

    def numbered(self, revision: int) -> Revision | None:
        """The lock of this number, if it was completed."""
        return next((one for one in self.revisions if one.number == revision), None)

    def locking(self, revision: int, job: str, at: datetime) -> "Decision[AgencyPeriod]":
        """Locking begins; what newly comes into the month from now on may be too late."""
        if revision <= self.revision:
            return Decision(self)
        begun = replace(self, state="locking", revision=revision, job=job, written_at=at)
        return Decision(begun)

    def locked(
        self, revision: int, *, days: int, digest: str, at: datetime
    ) -> "Decision[AgencyPeriod]":
        """Every day is locked."""
        if (self.state, self.revision) != ("locking", revision):
            return Decision(self)
        made = Revision(revision, at, days, digest)
        held = replace(self, state="locked", revisions=(*self.revisions, made), written_at=at)
        told = AttendanceLocked(
            agency=self.agency, period=self.period, revision=revision, days=days, digest=digest
        )
        return Decision(held, (told,))

    def unlocking(self, revision: int, job: str, at: datetime) -> "Decision[AgencyPeriod]":
        """Letting go begins, also of a lock that was not completed, or not even begun yet."""
        known = revision == self.revision and self.state not in {"locking", "locked"}
        if revision < self.revision or known:
            return Decision(self)
        free = replace(self, state="unlocking", revision=revision, job=job, written_at=at)
        return Decision(free)

    def unlocked(self, revision: int, at: datetime) -> "Decision[AgencyPeriod]":
        """No day is locked any more."""
        if (self.state, self.revision) != ("unlocking", revision):
            return Decision(self)
        told = AttendanceUnlocked(agency=self.agency, period=self.period, revision=revision)
        return Decision(replace(self, state="open", written_at=at), (told,))

    def sealed(self, revision: int, fingerprint: str, at: datetime) -> "Decision[AgencyPeriod]":
        """The scores over this lock are frozen under a fingerprint."""
        known = tuple(
            replace(one, fingerprint=fingerprint) if one.number == revision else one
            for one in self.revisions
        )
        if known == self.revisions:
            return Decision(self)
        return Decision(replace(self, revisions=known, written_at=at))


def period_id(agency: str, period: str) -> str:
    """The key of an agency's month."""
    return f"{agency}:{period}"


def month_of(on: date) -> str:
    """The month a date lies in."""
    return f"{on:%Y-%m}"


def days_of(period: str) -> tuple[date, date]:
    """The first and last day of a month."""
    first = date.fromisoformat(f"{period}-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_after(period: str) -> str:
    """The month that follows."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12}-{month % 12 + 1:02d}"


def next_open(periods: Mapping[str, AgencyPeriod], agency: str, period: str) -> str:
    """The month that takes what comes too late for this one: the first one after it not closed."""
    following = month_after(period)
    while (known := periods.get(period_id(agency, following))) and known.state == "locked":
        following = month_after(following)
    return following


def lock_for(period: AgencyPeriod | None) -> Lock | None:
    """The lock that a day gets which newly comes into this month; it is not counted there.

    Not yet, while the month is still being locked: where that comes to the day it counts.
    """
    if period is None or period.state not in {"locking", "locked"}:
        return None
    return Lock(period.period, period.revision)
