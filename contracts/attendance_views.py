"""How attendance is shown: check-ins, days that explain themselves, presence."""

from datetime import date

from pydantic import AwareDatetime

from contracts.attendance_terms import DayStatus, Direction, Method
from contracts.envelope import Value
from contracts.people import PersonView


class ExpectedView(Value):
    """When the pattern expects the person; both null on a day off."""

    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class PunchView(Value):
    """One recorded moment of a day."""

    id: str
    direction: Direction
    office: str | None
    method: Method
    at: AwareDatetime
    received_at: AwareDatetime
    offline: bool
    move: bool
    flags: tuple[str, ...]


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
    absences: tuple[str, ...] = ()
    holiday: HolidayView | None = None
    punches: tuple[PunchView, ...]
    closed: bool
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
    day: DayView
    version: int


class CheckInRow(Value):
    """A check-in in a list: recorded, or refused with its code."""

    id: str
    employee_id: str | None
    at: AwareDatetime
    refused: bool = False
    direction: Direction | None = None
    office: str | None = None
    method: Method | None = None
    offline: bool = False
    move: bool = False
    flags: tuple[str, ...] = ()
    code: str | None = None


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


class DeviceView(Value):
    """A registered attendance machine."""

    serial: str
    office: str
    time_zone: str
    pins: dict[str, str]
    version: int


class AttlogLine(Value):
    """A line of an attlog file that was understood, and whose it is."""

    line: int
    pin: str
    at: AwareDatetime
    direction: Direction
    employee_id: str | None = None


class UnreadableLine(Value):
    """A line of an attlog file that was not understood."""

    line: int
    text: str
    detail: str


class AttlogView(Value):
    """What an attlog file says."""

    serial: str
    office: str
    lines: int
    punches: tuple[AttlogLine, ...]
    unreadable: tuple[UnreadableLine, ...]
    unmapped: tuple[str, ...]
