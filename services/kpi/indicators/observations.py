"""What one fact says about one indicator; the definitions of *counts* and *in time* are here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pydantic import TypeAdapter

from contracts.attendance import DayChanged
from contracts.envelope import AgencyCode, EmployeeId
from contracts.kpi import DayFact, HelpFact
from contracts.tasks import HelpConfirmed
from services.kpi.ledger.model import Fact

PUNCTUALITY = "punctuality"
HELP_RATING = "help_rating"
RESPONSE_TIME = "response_time"

JUDGED = frozenset({"present", "late", "left_early", "late_and_left_early", "incomplete", "absent"})
"""Statuses under which a working day counts toward punctuality.

The others do not: ``open`` has nothing to judge yet, ``holiday`` and ``off`` ask for nobody, and
``leave``, ``sick``, ``duty`` and ``elsewhere`` excuse from arriving at an office.
"""

_ARRIVED = frozenset({"present", "left_early"})
_ONE, _ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Observation:
    """The value a fact gives to an indicator; None says that it does not count.

    Of observations with one ``key`` the one with the highest ``sequence`` rules. ``people`` are the
    employees for whom it counts; it counts for ``agency`` in any case.
    """

    indicator: str
    subject: str
    key: str
    sequence: int
    value: Decimal | None
    fact: str
    on: date
    at: datetime
    agency: AgencyCode
    people: tuple[EmployeeId, ...] = ()

    @property
    def month(self) -> str:
        """The month in whose scorecards it counts."""
        return f"{self.on:%Y-%m}"

    def written(self) -> str:
        """The observation as text, for the marks that say what scorecards have not seen yet."""
        return _TEXT.dump_json(self).decode()

    @classmethod
    def read(cls, text: str) -> "Observation":
        """The observation that was written so."""
        return _TEXT.validate_json(text)


_TEXT: TypeAdapter[Observation] = TypeAdapter(Observation)


def observe(fact: Fact) -> Observation:
    """What the fact says; every fact of the ledger speaks about exactly one indicator so far."""
    match fact.data:
        case DayFact() as day if fact.type == DayChanged.type:
            people = (fact.employee,) if fact.employee else ()
            return _observation(fact, PUNCTUALITY, fact.subject, in_time(day), people)
        case HelpFact() as help_ if fact.type == HelpConfirmed.type:
            rating = None if help_.rating is None else Decimal(help_.rating)
            return _observation(fact, HELP_RATING, fact.subject, rating, fact.people)
        case HelpFact() as help_:
            minutes = help_.response_minutes
            value = None if minutes is None else Decimal(minutes)
            return _observation(fact, RESPONSE_TIME, fact.id, value, ())
    raise LookupError(f"{fact.type} speaks about no indicator")


def in_time(day: DayFact) -> Decimal | None:
    """One for a working day begun in time, zero for one that was not, None where none is judged.

    Absence counts against, and so does a day whose missing arrival made it incomplete. A day that
    is present without an arrival had none to record: a general act excuses it.
    """
    if not day.working_day or day.status not in JUDGED:
        return None
    arrived = day.first_in is not None or day.status in _ARRIVED
    in_time = day.status != "absent" and arrived and day.late_minutes == 0
    return _ONE if in_time else _ZERO


def ruling_among(observations: Iterable[Observation]) -> dict[str, Observation]:
    """What rules, by key: duplicates and the order of the facts make no difference."""
    newest: dict[str, Observation] = {}
    for seen in observations:
        known = newest.get(seen.key)
        if known is None or known.sequence < seen.sequence:
            newest[seen.key] = seen
    return newest


def _observation(
    fact: Fact,
    indicator: str,
    key: str,
    value: Decimal | None,
    people: tuple[EmployeeId, ...],
) -> Observation:
    return Observation(
        indicator=indicator,
        subject=fact.subject,
        key=key,
        sequence=fact.sequence,
        value=value,
        fact=fact.id,
        on=fact.date,
        at=fact.time,
        agency=fact.agency,
        people=people,
    )
