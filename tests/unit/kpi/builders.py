"""Events and facts with readable defaults."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from contracts.attendance import DayChanged
from contracts.attendance_terms import DayStatus
from contracts.envelope import AgencyCode, EmployeeId, Event, EventData
from contracts.periods import DaySettled
from contracts.tasks import HelpAccepted, HelpConfirmed, HelpDeclined
from services.kpi.ledger.model import Fact, fact_of_day, fact_of_help

SRI = EmployeeId("0198f6a2-0000-7000-8000-0000000000a1")
BUDI = EmployeeId("0198f6a2-0000-7000-8000-0000000000b2")
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)

_COUNTER = iter(range(1, 1_000_000))


def an_event(data: EventData, subject: str, sequence: int, *, time: datetime = NOON) -> Event[Any]:
    """An event as it comes from the exchange."""
    number = next(_COUNTER)
    return Event(
        id=f"0198f6a2-1111-7000-8000-{number:012d}",
        source="test",
        type=data.type,
        subject=subject,
        time=time + timedelta(milliseconds=number),
        sequence=sequence,
        correlationid="c",
        causationid="c",
        agency=data.about_agency(),
        data=data,
    )


def a_day_changed(
    status: DayStatus = "present",
    *,
    employee: EmployeeId = SRI,
    agency: str = "BKPSDM",
    on: date = date(2026, 11, 24),
    sequence: int = 1,
    late_minutes: int | None = None,
    arrived: bool | None = None,
    working_day: bool = True,
    locked: int | None = None,
    settled: int | None = None,
) -> Event[DayChanged]:
    """A day that is now what its status says.

    ``locked`` is the revision of the lock that holds it, ``settled`` that of one it comes after.
    """
    revision = locked or settled
    late = status in ("late", "late_and_left_early")
    came = status not in ("absent", "open", "off", "holiday", "leave", "sick", "elsewhere")
    data = DayChanged(
        employee=employee,
        agency=AgencyCode(agency),
        date=on,
        status=status,
        working_day=working_day,
        pattern="surakarta-ordinary",
        policy_version="surakarta-ordinary/2026-01-01",
        first_in=NOON if (came if arrived is None else arrived) else None,
        late_minutes=(7 if late else 0) if late_minutes is None else late_minutes,
        locked=f"{on:%Y-%m}" if revision else None,
        revision=revision,
    )
    if settled:
        data = DaySettled(**data.model_dump(), period=f"{on:%Y-%m}")
    return an_event(data, f"{employee}:{on}", sequence)


def a_day(status: DayStatus = "present", **more: Any) -> Fact:
    """The fact of such a day."""
    return fact_of_day(a_day_changed(status, **more))


def _help(
    kind: type[HelpAccepted] | type[HelpDeclined] | type[HelpConfirmed],
    request: str,
    sequence: int,
    **fields: Any,
) -> Event[Any]:
    data = kind.example().model_copy(
        update={"help_request": request, "people_assigned": (), **fields}
    )
    return an_event(data, request, sequence)


def a_response(
    minutes: int | None = 45,
    *,
    agency: str = "DISKOMINFOSP",
    request: str = "r1",
    sequence: int = 2,
    declined: bool = False,
) -> Event[Any]:
    """An acceptance or decline after so many working minutes."""
    kind = HelpDeclined if declined else HelpAccepted
    return _help(
        kind,
        request,
        sequence,
        responding_agency=AgencyCode(agency),
        helping_agency=None if declined else AgencyCode(agency),
        response_minutes=minutes,
    )


def a_confirmation(
    rating: int | None = 5,
    *,
    people: tuple[EmployeeId, ...] = (SRI,),
    agency: str = "DISKOMINFOSP",
    request: str = "r1",
    sequence: int = 5,
    at: datetime = NOON,
) -> Event[Any]:
    """Help that was confirmed, with a rating or without."""
    return _help(
        HelpConfirmed,
        request,
        sequence,
        helping_agency=AgencyCode(agency),
        responding_agency=AgencyCode(agency),
        people_assigned=people,
        rating=rating,
        at=at,
    )


def answered(minutes: int | None = 45, **more: Any) -> Fact:
    """The fact of such a response."""
    return fact_of_help(a_response(minutes, **more))


def confirmed(rating: int | None = 5, **more: Any) -> Fact:
    """The fact of such a confirmation."""
    return fact_of_help(a_confirmation(rating, **more))
