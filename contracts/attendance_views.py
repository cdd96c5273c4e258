"""How attendance is shown: check-ins, days that explain themselves, presence."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.attendance_terms import (
    ActEffect,
    CountsAs,
    DayStatus,
    Direction,
    Method,
    Standing,
)
from contracts.envelope import Value
from contracts.people import PersonView
from contracts.recomputations import DayFigures


class ExpectedView(Value):
    """When the pattern expects the person; both null on a day off."""

    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class PunchView(Value):
    """One recorded moment of a day; ``note`` is why somebody was on duty outside every office."""

    id: str
    direction: Direction
    office: str | None
    method: Method
    at: AwareDatetime
    received_at: AwareDatetime
    offline: bool
    move: bool
    device: str | None = None
    flags: tuple[str, ...]
    standing: Standing
    note: str | None = None
    clock_drift_s: int | None = None


class ReasonView(Value):
    """A step of the explanation: the rule, the facts it looked at, what followed, in words."""

    rule: str
    facts: tuple[str, ...]
    result: str
    text: str | None = None


class HolidayView(Value):
    """The holiday that a day is."""

    kind: str
    name: str


class AbsenceOfDay(Value):
    """What excuses (or does not excuse) from a day: an absence, work elsewhere, a general act.

    Or an objection that was found right; ``kind`` is then what it excuses.

    ``id`` is that of the absence or act; ``from`` and ``to`` are null where it is the whole day.
    """

    id: str
    type: Literal["absence", "work_elsewhere", "general_act", "objection"]
    kind: str | None = None
    effect: ActEffect | None = None
    counts_as: CountsAs | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None

    model_config = ConfigDict(populate_by_name=True)


class CorrectionOfDay(Value):
    """Moments that count instead of what was recorded; the punches are shown as they came."""

    id: str
    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None


class LockOfDay(Value):
    """The closed period that holds a day; its figures are those that were closed.

    ``counts`` is false for a day that was not known when the period was closed. ``later`` is what
    the day would be with what came since, null where that is the same.
    """

    period: str
    revision: int
    counts: bool
    later: DayFigures | None = None


class DayView(Value):
    """A person's day: what was recorded, and what the rules of that day make of it."""

    id: str
    employee_id: str
    agency: str
    date: date
    status: DayStatus
    working_day: bool
    pattern: str
    policy_version: str
    expected: ExpectedView
    first_in: AwareDatetime | None
    last_out: AwareDatetime | None
    worked_minutes: int | None
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    absences: tuple[AbsenceOfDay, ...] = ()
    corrections: tuple[CorrectionOfDay, ...] = ()
    holiday: HolidayView | None = None
    punches: tuple[PunchView, ...]
    closed: bool
    locked: LockOfDay | None = None
    version: int
    explanation: tuple[ReasonView, ...]
    actions: tuple[str, ...] = ()


class CheckInView(Value):
    """A recorded check-in and the day it belongs to; the day decides about lateness."""

    id: str
    employee_id: str
    direction: Direction
    office: str | None
    method: Method
    at: AwareDatetime
    received_at: AwareDatetime
    offline: bool
    move: bool
    late_minutes: int
    flags: tuple[str, ...]
    standing: Standing
    note: str | None = None
    clock_drift_s: int | None = None
    day: DayView
    version: int
    actions: tuple[str, ...] = ()


class CheckInRow(Value):
    """A check-in in a list: recorded, or refused with its code and the facts of the case.

    A refused one has no moment that counts: ``at`` is when it was received.
    """

    id: str
    employee_id: str | None
    at: AwareDatetime
    received_at: AwareDatetime
    refused: bool = False
    direction: Direction | None = None
    office: str | None = None
    method: Method | None = None
    offline: bool = False
    move: bool = False
    flags: tuple[str, ...] = ()
    standing: Standing | None = None
    note: str | None = None
    clock_drift_s: int | None = None
    code: str | None = None
    facts: dict[str, Any] | None = None


class NoncesView(Value):
    """Nonces for captures without a network; each counts once, for this account, until then."""

    nonces: tuple[str, ...]
    issued_at: AwareDatetime
    valid_until: AwareDatetime


class PresentPerson(Value):
    """Somebody who is in an office now."""

    person: PersonView
    office: str
    since: AwareDatetime | None = None


class PresenceView(Value):
    """Who is where now; ``people`` is empty for those who may see numbers only."""

    office: str | None = None
    agency: str | None = None
    capacity: int | None = None
    present: int
    people: tuple[PresentPerson, ...]
    as_of: AwareDatetime
