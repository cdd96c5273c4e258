"""What one fact says to formulas: the row it makes, and for whom that counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from pydantic import TypeAdapter

from contracts.envelope import AgencyCode, EmployeeId
from contracts.kpi import DayFact, HelpFact, MeasurementFact
from contracts.tasks import HelpConfirmed
from services.kpi.formulas.rows import Row, SourceName, Value, text_of
from services.kpi.ledger.model import Fact

OF_CITY = AgencyCode("city")
"""Where the city's own measurements are kept: on a card beside those of its agencies."""
NOT_YET = frozenset({"open"})
FREE = frozenset({"holiday", "off"})


@dataclass(frozen=True, slots=True)
class Observation:
    """The row that a fact makes, as text; None says that it does not count.

    Of observations with one ``key`` the one with the highest ``sequence`` rules. ``people`` are the
    employees for whom it counts; it counts for ``agency`` too, unless it was measured of a person.
    """

    source: SourceName
    subject: str
    key: str
    sequence: int
    row: str | None
    fact: str
    on: date
    at: datetime
    agency: AgencyCode
    people: tuple[EmployeeId, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Whether it counts for its people alone."""
        return self.source == "measurements" and bool(self.people)

    @property
    def month(self) -> str:
        """The month in whose scorecards it counts."""
        return f"{self.on:%Y-%m}"

    def counted(self) -> Row | None:
        """The row itself."""
        return None if self.row is None else Row.read(self.source, self.on, self.agency, self.row)

    def written(self) -> str:
        """The observation as text, for the marks that say what scorecards have not seen yet."""
        return _TEXT.dump_json(self).decode()

    @classmethod
    def read(cls, text: str) -> "Observation":
        """The observation that was written so."""
        return _TEXT.validate_json(text)


_TEXT: TypeAdapter[Observation] = TypeAdapter(Observation)


def observe(fact: Fact) -> Observation:
    """What the fact says; every fact of the ledger makes one row or none."""
    match fact.data:
        case DayFact() as day:
            people = (fact.employee,) if fact.employee else ()
            return _observation(fact, "days", fact.subject, day_row(day), people)
        case HelpFact() as help_ if fact.type == HelpConfirmed.type:
            row = _help_row("confirmations", fact, help_)
            return _observation(fact, "confirmations", fact.subject, row, fact.people)
        case HelpFact() as help_:
            row = _help_row("responses", fact, help_)
            return _observation(fact, "responses", fact.id, row, ())
        case MeasurementFact() as measured:
            return _measured(fact, measured)
    raise LookupError(f"{fact.type} makes no row")


def day_row(day: DayFact) -> str | None:
    """The row of a day; an open day is not yet one, a free day without arrival asks for nobody."""
    if day.status in NOT_YET or (day.status in FREE and day.first_in is None):
        return None
    return text_of(
        "days",
        {
            "status": day.status,
            "working_day": day.working_day,
            "late_minutes": day.late_minutes,
            "arrived": day.first_in is not None,
            "early_minutes": day.early_minutes,
        },
    )


def ruling_among(observations: Iterable[Observation]) -> dict[str, Observation]:
    """What rules, by key: duplicates and the order of the facts make no difference."""
    newest: dict[str, Observation] = {}
    for seen in observations:
        known = newest.get(seen.key)
        if known is None or known.sequence < seen.sequence:
            newest[seen.key] = seen
    return newest


def _measured(fact: Fact, measured: MeasurementFact) -> Observation:
    """A measurement counts for what was measured and for nothing above or below it."""
    row = None
    if measured.value is not None:
        value = Fraction(measured.value)
        row = text_of(
            "measurements",
            {"indicator": measured.indicator, "value": value, "source": measured.source},
        )
    seen = _observation(fact, "measurements", fact.subject, row, fact.people)
    return replace(seen, agency=OF_CITY) if measured.measured_kind == "city" else seen


def _help_row(source: SourceName, fact: Fact, help_: HelpFact) -> str:
    fields: dict[str, Value] = {
        "type": fact.type,
        "requested_at": help_.requested_at,
        "at": help_.at,
        "asking_agency": help_.asking_agency,
        "imported": help_.imported,
        "response_minutes": help_.response_minutes,
    }
    if source == "confirmations":
        fields["rating"] = help_.rating
    return text_of(source, fields)


def _observation(
    fact: Fact,
    source: SourceName,
    key: str,
    row: str | None,
    people: tuple[EmployeeId, ...],
) -> Observation:
    return Observation(
        source=source,
        subject=fact.subject,
        key=key,
        sequence=fact.sequence,
        row=row,
        fact=fact.id,
        on=fact.date,
        at=fact.time,
        agency=fact.agency,
        people=people,
    )
