"""How a day of the old system differs from ours. Pure."""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # the field is called date
from datetime import datetime

from contracts.attendance_terms import DayStatus
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision
from contracts.reference_days import DifferenceReason, ReferenceDayImported

_NOBODY_CAME = frozenset({"absent", "leave", "duty", "sick", "elsewhere", "holiday", "off", "open"})


@dataclass(frozen=True, slots=True)
class ReferenceDay:
    """A day as the old system has it; what it does not say is None.

    ``agency`` is the person's on that day, as was known when it came in.
    """

    employee: EmployeeId
    date: Date
    agency: AgencyCode | None = None
    first_in: datetime | None = None
    last_out: datetime | None = None
    late_minutes: int | None = None
    status: DayStatus | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one system says of a day; what it does not say is not compared."""

    first_in: datetime | None = None
    last_out: datetime | None = None
    late_minutes: int | None = None
    status: DayStatus | None = None

    @property
    def has_attendance(self) -> bool:
        """Whether somebody was there, as far as this side knows."""
        moments = self.first_in is not None or self.last_out is not None
        return moments or (self.status is not None and self.status not in _NOBODY_CAME)


def imported(known: ReferenceDay | None, day: ReferenceDay) -> Decision[ReferenceDay]:
    """Keep the day as it was sent last; the same again changes nothing."""
    if known == day:
        return Decision(day)
    event = ReferenceDayImported(employee=day.employee, agency=day.agency, date=day.date)
    return Decision(day, (event,))


def differences(here: Side | None, there: Side | None) -> tuple[DifferenceReason, ...]:
    """Every reason why a day differs, the one that as a rule causes the others first.

    Moments are compared by their minute: systems round seconds differently.
    """
    if there is None:
        return ("missing_there",) if here is not None and here.has_attendance else ()
    if here is None or (there.has_attendance and not here.has_attendance):
        return ("missing_here",) if there.has_attendance else _status(here, there)
    found: list[DifferenceReason] = []
    if _differs(here.first_in, there.first_in):
        found.append("other_arrival")
    if _differs(here.last_out, there.last_out):
        found.append("other_departure")
    if there.late_minutes is not None and (here.late_minutes or 0) != there.late_minutes:
        found.append("other_minutes")
    return (*found, *_status(here, there))


def _status(here: Side | None, there: Side) -> tuple[DifferenceReason, ...]:
    ours = here.status if here else None
    same = there.status is None or there.status == ours or (ours is None and there.status == "off")
    return () if same else ("other_status",)


def _differs(here: datetime | None, there: datetime | None) -> bool:
    """Whether both are known to another minute, or only the other side knows one."""
    if there is None:
        return False
    return here is None or _minute(here) != _minute(there)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
