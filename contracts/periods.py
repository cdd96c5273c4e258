"""Closing a period: what is still open, locking attendance, freezing scores, settlements.

The performance service decides and says so; attendance locks its days and answers with a digest;
scores are frozen when the ledger yields the same digest. Each agency closes its own months.
"""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Literal, Self

from pydantic import AwareDatetime, Field

from contracts.attendance import DayChanged
from contracts.envelope import AgencyCode, Code, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.recaps import Month
from contracts.recomputations import DayFigures

ReadinessCode = Literal[
    "not_over",
    "open_days",
    "days_to_make",
    "lines_to_count",
    "rules_to_follow",
    "recomputations",
    "held_check_ins",
    "pending_corrections",
    "pending_objections",
    "pending_absences",
    "pending_work_elsewhere",
    "pending_general_acts",
    "pending_reviews",
    "silent_devices",
    "unmapped_pins",
    "readers_behind",
]
LockState = Literal["open", "locking", "locked", "unlocking"]

_AGENCY = AgencyCode("BKPSDM")
_DIGEST = "3b5d5c3712955042212316173ccf37be800c1f0e7b2b0b2f1d6f0e6a7a9f1c55"
_FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class DaySettled(DayChanged, type="attendance.day.settled.v1", since="1.2"):
    """What a day of a closed period would be with what came since; its closed figures stay.

    The whole state, like that of a changed day; ``period`` is the one that holds the day.
    """

    period: str

    @classmethod
    def example(cls) -> Self:
        """A correction was approved after the month had been closed."""
        day = DayChanged.example().model_dump()
        return cls.model_validate(day | {"period": "2026-11", "locked": "2026-11", "revision": 1})


class _OfPeriod(EventData):
    agency: AgencyCode
    period: Month
    revision: int = Field(ge=1)

    @classmethod
    def example(cls) -> Self:
        """The personnel agency's November, for the first time."""
        return cls(agency=_AGENCY, period="2026-11", revision=1)


class PeriodClosing(_OfPeriod, type="kpi.period.closing.v1", since="1.2"):
    """An agency's month is to be closed; attendance locks its days."""


class PeriodReopening(_OfPeriod, type="kpi.period.reopening.v1", since="1.2"):
    """An agency's closed month is to be open again; attendance lets go of its days."""


class AttendanceLocked(_OfPeriod, type="attendance.period.locked.v1", since="1.2"):
    """Every day of an agency's month is locked.

    ``digest`` is the SHA-256 over ``<day>@<sequence>`` and a line feed for each, sorted, where the
    sequence is that of the event which told of the day's lock.
    """

    days: int = Field(ge=0)
    digest: str

    @classmethod
    def example(cls) -> Self:
        """Sixty people, twenty-one working days."""
        return cls(agency=_AGENCY, period="2026-11", revision=1, days=1_260, digest=_DIGEST)


class AttendanceUnlocked(_OfPeriod, type="attendance.period.unlocked.v1", since="1.2"):
    """No day of an agency's month is locked any more."""


class ClosedPeriod(Value):
    """What everybody may know of a closed period: that it is, and its fingerprint."""

    model_config = {"extra": "ignore"}

    agency: str
    period: str
    revision: int
    fingerprint: str
    previous: str | None = None


class PeriodClosed(_OfPeriod, type="kpi.period.closed.v1", public=ClosedPeriod, since="1.2"):
    """An agency's month is closed; its results are frozen under this fingerprint.

    ``previous`` is the fingerprint of the agency's closed period before this one, which this one is
    computed over.
    """

    fingerprint: str
    previous: str | None = None
    results: int = Field(ge=0)
    digest: str

    @classmethod
    def example(cls) -> Self:
        """The scores of sixty people and their agency."""
        return cls(
            agency=_AGENCY,
            period="2026-11",
            revision=1,
            fingerprint=_FINGERPRINT,
            results=61,
            digest=_DIGEST,
        )


class PeriodReopened(_OfPeriod, type="kpi.period.reopened.v1", since="1.2"):
    """An agency's month is open again; what was closed in this revision stays readable."""


class ReadinessItem(Value):
    """Something that is not finished; what cannot be overridden must be waited for."""

    code: ReadinessCode
    count: int
    text: str
    overridable: bool = True


class AttendanceReadiness(Value):
    """What attendance knows of an agency's month: its lock, and what is still open."""

    state: LockState
    revision: int
    job: str | None = None
    days: int | None = None
    digest: str | None = None
    items: tuple[ReadinessItem, ...]


class GetAttendanceReadiness(QueryBody, name="attendance.get_readiness"):
    """What of an agency's month is still open in attendance."""

    agency: Code
    period: Month


class SettlementView(Value):
    """A day of a closed period that came out otherwise afterwards.

    ``before`` is null for a day that was not known when the period was closed. ``settled_in`` is
    the period whose figures the difference was added to; null while that one is still open.
    """

    person: PersonView
    date: Date
    period: str
    settled_in: str | None = None
    before: DayFigures | None
    after: DayFigures
    at: AwareDatetime


class ListSettlements(QueryBody, name="attendance.list_settlements"):
    """An agency's settlements: of the closed ``period``, settled in ``settled_in``, or waiting."""

    agency: Code
    period: Month | None = None
    settled_in: Month | None = None
    waiting: bool | None = None
    paging: Paging = Paging()
