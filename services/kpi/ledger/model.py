"""A fact: what another service recorded, reduced to what scores and their readers need."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.attendance import DayChanged
from contracts.envelope import AgencyCode, EmployeeId, Event
from contracts.kpi import DayFact, FactView, HelpFact, MeasurementFact
from contracts.measurements import MeasurementRecorded
from contracts.tasks import HelpConfirmed, HelpRequestFacts
from services.kpi.periods.model import Period

CITY_ZONE = ZoneInfo("Asia/Jakarta")
"""The zone in which a moment of help belongs to a date.

One zone for the ledger, not the agency's own copy: a rebuild must give the same dates again.
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """An immutable entry of the ledger; ``id`` is the event's, ``agency`` is where it counts."""

    id: str
    type: str
    time: datetime
    subject: str
    sequence: int
    agency: AgencyCode
    date: date
    data: DayFact | HelpFact | MeasurementFact
    employee: EmployeeId | None = None
    people: tuple[EmployeeId, ...] = ()

    def shown(self, *, only: str | None = None) -> FactView:
        """The fact as answers show it; ``only`` leaves out the other people who took part."""
        people = self.people if only is None else tuple(p for p in self.people if p == only)
        return FactView(
            id=self.id,
            type=self.type,
            time=self.time,
            subject=self.subject,
            sequence=self.sequence,
            employee=self.employee,
            people=people,
            agency=self.agency,
            date=self.date,
            period=f"{self.date:%Y-%m}",
            data=self.data,
        )


def fact_of_day(event: Event[DayChanged]) -> Fact:
    """The fact that a day is now what it is; it counts for the agency the event names."""
    day = event.data
    return Fact(
        id=event.id,
        type=event.type,
        time=event.time,
        subject=event.subject,
        sequence=event.sequence,
        agency=day.agency,
        date=day.date,
        employee=day.employee,
        data=DayFact(
            status=day.status,
            working_day=day.working_day,
            late_minutes=day.late_minutes,
            late_band=day.late_band,
            early_minutes=day.early_minutes,
            early_band=day.early_band,
            first_in=day.first_in,
            policy_version=day.policy_version,
            locked=day.locked,
            revision=day.revision,
        ),
    )


def fact_of_help(event: Event[HelpRequestFacts]) -> Fact:
    """The fact that help was answered (counts for who answered) or confirmed (for who helped)."""
    help_ = event.data
    confirmed = isinstance(help_, HelpConfirmed)
    counts_for = help_.helping_agency if confirmed else help_.responding_agency
    return Fact(
        id=event.id,
        type=event.type,
        time=event.time,
        subject=event.subject,
        sequence=event.sequence,
        agency=counts_for or help_.helping_agency or help_.asking_agency,
        date=help_.at.astimezone(CITY_ZONE).date(),
        people=tuple(sorted(help_.people_assigned)) if confirmed else (),
        data=HelpFact(
            number=help_.number,
            asking_agency=help_.asking_agency,
            helping_agency=help_.helping_agency,
            responding_agency=help_.responding_agency,
            requested_at=help_.requested_at,
            at=help_.at,
            response_minutes=help_.response_minutes,
            rating=help_.rating,
            imported=help_.imported,
        ),
    )


def fact_of_measurement(event: Event[MeasurementRecorded]) -> Fact:
    """The fact that something was measured; it counts on the last day of its month."""
    measured = event.data
    return Fact(
        id=event.id,
        type=event.type,
        time=event.time,
        subject=event.subject,
        sequence=event.sequence,
        agency=measured.agency,
        date=Period.of(measured.period).last,
        people=(measured.employee,) if measured.employee else (),
        data=MeasurementFact(
            indicator=measured.indicator,
            measured=measured.subject,
            measured_kind=measured.subject_kind,
            period=measured.period,
            value=measured.value,
            unit=measured.unit,
            source=measured.source,
        ),
    )
