"""Running scorecards: what is known of a month, kept so that a new fact costs the same every day.

A scorecard is a function of the facts that rule. Computing it from every fact of a month again for
each new one would read more facts every day (an agency's month has thousands). So a card keeps, per
day and per confirmed help, the value that rules and the sequence it came from. Taking a fact is
*newest sequence wins*: repeats and old facts change nothing, any order gives the same card. No sum
is ever added to; the score is computed from the entries each time.

A fact that says what the card knows already (most do: a departure does not change whether the
arrival was in time) writes nothing. One that says something else is not trusted by itself: its
subject is looked up in the ledger, and what rules there is taken.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from contracts.envelope import AgencyCode, EmployeeId
from contracts.kpi import AgencyScorecardChanged, ScorecardChanged
from contracts.outcome import Decision
from services.kpi.formulas.rows import Row
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.observations import Observation
from services.kpi.scorecards.model import Entry, Rows, Sheet, rows_of, score

Entries = Mapping[str, Entry]


def merged(known: Entries, taken: Entries) -> dict[str, Entry]:
    """Both together; of two entries under one key the newer one, whichever came first."""
    result = dict(known)
    for key, entry in taken.items():
        standing = result.get(key)
        if standing is None or standing.sequence < entry.sequence:
            result[key] = entry
    return result


def merged_all(cards: Iterable[Entries]) -> dict[str, Entry]:
    """The entries of several cards together: the months of a quarter or a year."""
    result: dict[str, Entry] = {}
    for entries in cards:
        result = merged(result, entries)
    return result


def is_news(known: Entry | None, seen: Observation) -> bool:
    """Whether an observation may change what is known, so that its subject must be looked up.

    The first fact of a subject that does not count changes nothing; a later one may take back what
    an earlier one gave somewhere else.
    """
    if known is None:
        return seen.row is not None or seen.sequence > 1
    return known.row != seen.row or known.agency != seen.agency


@dataclass(frozen=True, slots=True)
class EmployeeCard:
    """A person's month."""

    employee: EmployeeId
    period: str
    entries: dict[str, Entry] = field(default_factory=dict)
    score: Decimal | None = None
    values: dict[str, Decimal | None] = field(default_factory=dict)
    as_of: datetime | None = None

    @property
    def agency(self) -> AgencyCode | None:
        """The agency of the newest day (or help) on the card: where the person was last."""
        newest = max(self.entries.items(), key=lambda item: (item[1].on, item[0]), default=None)
        return newest[1].agency if newest else None

    def taking(self, entries: Entries, indicators: Iterable[Indicator]) -> "Decision[EmployeeCard]":
        """The card with these entries; announced only when score or lines are others."""
        together = merged(self.entries, entries)
        sheet = score(rows_of(together.values()), indicators, "employee")
        taken = replace(
            self,
            entries=together,
            score=sheet.score,
            values=sheet.values,
            as_of=max((entry.at for entry in together.values()), default=None),
        )
        agency = taken.agency
        if agency is None or is_same(self.score, self.values, sheet):
            return Decision(taken)
        changed = ScorecardChanged(
            employee=self.employee, agency=agency, period=self.period, score=sheet.score
        )
        return Decision(taken, (changed,))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's day says to an agency: its row, None where it does not count.

    ``away`` says that the day counts for another agency by now; a day that is here and does not
    count looks the same in the sum, but not to the next fact.
    """

    sequence: int
    row: str | None
    away: bool = False


def _is_news(known: Standing | None, seen: Observation) -> bool:
    if known is None:
        return seen.row is not None or seen.sequence > 1
    return known.away or known.row != seen.row


@dataclass(frozen=True, slots=True)
class AgencyDay:
    """Everybody's day in one agency on one date, the newest state of each."""

    agency: AgencyCode
    date: date
    people: dict[str, Standing] = field(default_factory=dict)
    at: datetime | None = None

    def is_news(self, seen: Observation) -> bool:
        """Whether an observation of a day here may change what is known of its person."""
        return any(_is_news(self.people.get(person), seen) for person in seen.people)

    def taking(self, standings: Mapping[str, Standing], at: datetime) -> "Decision[AgencyDay]":
        """The day with these standings, the newest of each person."""
        people = dict(self.people)
        for employee, standing in standings.items():
            known = people.get(employee)
            if known is None or known.sequence < standing.sequence:
                people[employee] = standing
        moment = at if self.at is None else max(self.at, at)
        return Decision(replace(self, people=people, at=moment))

    def tally(self, order: int) -> "Tally":
        """The count of the day; ``order`` is the version of the day it was counted from."""
        rows = Counter(one.row for one in self.people.values() if one.row is not None)
        return Tally(order, dict(sorted(rows.items())), self.at)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of an agency had which day on a date: rows as text, and their number."""

    order: int
    rows: dict[str, int]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class AgencyCard:
    """An agency's month."""

    agency: AgencyCode
    period: str
    tallies: dict[str, Tally] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    score: Decimal | None = None
    values: dict[str, Decimal | None] = field(default_factory=dict)
    as_of: datetime | None = None

    def taking(
        self, tallies: Mapping[str, Tally], entries: Entries, indicators: Iterable[Indicator]
    ) -> "Decision[AgencyCard]":
        """The card with these days and answers; announced only when score or lines are others."""
        days = dict(self.tallies)
        for date_, tally in tallies.items():
            known = days.get(date_)
            if known is None or known.order < tally.order:
                days[date_] = tally
        together = merged(self.entries, entries)
        rows = agency_rows(self.agency, days, together.values())
        sheet = score(rows, indicators, "agency")
        moments = [entry.at for entry in together.values()]
        moments += [tally.at for tally in days.values() if tally.at is not None]
        taken = replace(
            self,
            tallies=days,
            entries=together,
            score=sheet.score,
            values=sheet.values,
            as_of=max(moments, default=None),
        )
        if is_same(self.score, self.values, sheet):
            return Decision(taken)
        changed = AgencyScorecardChanged(
            agency=self.agency, period=self.period, score=sheet.score, lines=sheet.values
        )
        return Decision(taken, (changed,))


def agency_rows(agency: AgencyCode, tallies: Mapping[str, Tally], entries: Iterable[Entry]) -> Rows:
    """What an agency's days (by date) and answers say."""
    found = rows_of(entries)
    for date_, tally in tallies.items():
        on = date.fromisoformat(date_)
        found += [(Row.read("days", on, agency, text), times) for text, times in tally.rows.items()]
    return found


def is_same(known: Decimal | None, values: Mapping[str, Decimal | None], sheet: Sheet) -> bool:
    """Whether a sheet shows what was shown before; nothing shown yet equals nothing to show."""
    if known != sheet.score:
        return False
    codes = values.keys() | sheet.values.keys()
    return all(values.get(code) == sheet.values.get(code) for code in codes)
