"""A measurement: what is measured of one subject for one indicator and month, and its history."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from contracts.envelope import AgencyCode, EmployeeId
from contracts.kpi import SubjectKind
from contracts.measurements import MeasurementRecorded, MeasurementSource
from contracts.outcome import Decision, Refusal
from services.kpi.indicators.model import Indicator

CITY = "city"
MOST_VALUES = 100
"""So often may one month of one subject be measured anew."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is measured, and the agency it belongs to in that month."""

    kind: SubjectKind
    id: str
    agency: AgencyCode

    @property
    def employee(self) -> EmployeeId | None:
        """The person, where it is one."""
        return EmployeeId(self.id) if self.kind == "employee" else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: who said it, how, when, and what shows it."""

    value: Decimal | None
    evidence: str
    source: MeasurementSource
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Measurement:
    """The values of one subject, indicator and month, oldest first; the last one rules."""

    indicator: str
    kind: SubjectKind
    subject: str
    agency: AgencyCode
    period: str
    unit: str
    history: tuple[Entry, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The ruling value."""
        return self.history[-1].value if self.history else None


def id_of(indicator: str, subject: str, period: str) -> str:
    """The id of a measurement: one per indicator, subject and month."""
    return f"{indicator}:{subject}:{period}"


def record(
    known: Measurement | None, subject: Subject, indicator: Indicator, period: str, entry: Entry
) -> Decision[Measurement]:
    """Add a value; what was said before stays in the history, and the same said again is nothing.

    The agency is that of the newest recording: a decree may have moved a person since.
    """
    measured = known or Measurement(
        indicator.code, subject.kind, subject.id, subject.agency, period, indicator.unit
    )
    if measured.history and says_the_same(measured, entry.value):
        return Decision(measured)
    if not measured.history and entry.value is None:
        raise Refusal.invalid("/value", "nothing is measured yet that could be taken back")
    if len(measured.history) >= MOST_VALUES:
        raise Refusal("quota_exceeded", allowed=MOST_VALUES)
    after = replace(
        measured,
        agency=subject.agency,
        unit=indicator.unit,
        history=(*measured.history, entry),
    )
    event = MeasurementRecorded(
        indicator=indicator.code,
        subject=subject.id,
        subject_kind=subject.kind,
        employee=subject.employee,
        agency=subject.agency,
        period=period,
        value=entry.value,
        unit=indicator.unit,
        source=entry.source,
        at=entry.at,
    )
    return Decision(after, (event,))


def says_the_same(measured: Measurement, value: Decimal | None) -> bool:
    """Whether this value rules already."""
    return bool(measured.history) and measured.value == value


def fed(ruling: Iterable[Indicator], code: str, kind: SubjectKind) -> Indicator:
    """The indicator that a measurement is for; refused where no measurement enters it."""
    indicator = next((one for one in ruling if one.code == code), None)
    if indicator is None:
        raise Refusal.invalid("/indicator", f"no indicator {code!r} rules there in that month")
    if "measurements" not in indicator.computes.sources:
        raise Refusal.invalid("/indicator", f"{code} is computed from other facts, not measured")
    if kind not in indicator.scope:
        allowed = ", ".join(indicator.scope)
        raise Refusal.invalid("/subject", f"{code} measures: {allowed}; this is: {kind}")
    return indicator
