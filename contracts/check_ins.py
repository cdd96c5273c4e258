"""Check-ins that wait for the supervisor: decided, and what is said about them.

Those on duty outside every office wait, and those a phone captured offline on more days of a month
than the policy allows.
"""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Literal, Self

from pydantic import AwareDatetime

from contracts.attendance import Id
from contracts.attendance_terms import Direction, Method
from contracts.envelope import AgencyCode, CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.text import ShortText

HeldState = Literal["pending", "confirmed", "declined"]

_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_CHECK_IN = "7c1a7d60-9a51-5f6f-8a6d-1c0100000001"


class DecideCheckIn(
    CommandBody, name="attendance.decide_check_in", feature="attendance.held_check_ins"
):
    """The supervisor lets a check-in that waits count, or not (then with a reason)."""

    check_in: Id
    decision: Literal["confirm", "decline"]
    note: ShortText | None = None
    if_match: int | None = None


class DecisionRequest(Value):
    """Why it is decided so; whoever declines says it."""

    note: ShortText | None = None

    model_config = {"json_schema_extra": {"examples": [{"note": "Benar, diminta lewat telepon."}]}}


class ListHeldCheckIns(QueryBody, name="attendance.list_held_check_ins"):
    """The check-ins that wait for the caller, or concern the caller otherwise."""

    state: tuple[HeldState, ...] = ("pending",)
    employee: Id | None = None
    paging: Paging = Paging()


class HeldCheckInView(Value):
    """A check-in that waits or waited, and what became of it."""

    id: str
    person: PersonView
    date: Date
    direction: Direction
    office: str | None = None
    method: Method = "duty"
    offline: bool = False
    at: AwareDatetime
    note: str | None
    flags: tuple[str, ...]
    state: HeldState
    decided_at: AwareDatetime | None = None
    decided_by: str | None = None
    decision_note: str | None = None
    actions: tuple[str, ...] = ()
    version: int


class CheckInHeld(EventData, type="attendance.check_in.held.v1"):
    """A check-in was stored and waits for the supervisor: on duty elsewhere, or offline too often.

    Like every event of check-ins it carries neither the note nor a position.
    """

    check_in: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date

    @classmethod
    def example(cls) -> Self:
        """Somebody was called to a flood."""
        return cls(
            check_in=_CHECK_IN,
            employee=_EMPLOYEE,
            agency=AgencyCode("BPBD"),
            date=Date(2026, 11, 24),
        )


class CheckInDecided(EventData, type="attendance.check_in.decided.v1"):
    """The supervisor decided whether a check-in that waited counts."""

    check_in: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date
    counts: bool

    @classmethod
    def example(cls) -> Self:
        """The supervisor confirmed the duty."""
        return cls(
            check_in=_CHECK_IN,
            employee=_EMPLOYEE,
            agency=AgencyCode("BPBD"),
            date=Date(2026, 11, 24),
            counts=True,
        )
