"""The documents of scores; the only file that knows their collections.

``employee_cards`` and ``agency_cards`` hold a month each (``<subject>:<period>``), ``agency_days``
everybody's day in an agency on a date (``<agency>:<date>``): what a tally is counted from.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from contracts.envelope import Actor, AgencyCode, EmployeeId
from kit.ids import derived_id, made_at
from kit.storage.aggregates import Aggregates, Cause, Stored
from kit.storage.ledger import Marks
from kit.storage.store import Store
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.observations import Observation
from services.kpi.periods.model import Period
from services.kpi.scorecards.city import CityCard, Sum
from services.kpi.scorecards.model import Entry
from services.kpi.scorecards.running import (
    AgencyCard,
    AgencyDay,
    EmployeeCard,
    Standing,
    Tally,
)

S = TypeVar("S")

_SYSTEM = Actor(account="system:kpi")


class Scorecards:
    """Running scorecards of employees and agencies."""

    def __init__(self, store: Store) -> None:
        self._employees = Aggregates(store, "employee_cards", EmployeeCard, receipts=False)
        self._agencies = Aggregates(store, "agency_cards", AgencyCard, receipts=False)
        self._days = Aggregates(store, "agency_card_days", AgencyDay, receipts=False)
        self._cities = Aggregates(store, "city_cards", CityCard, receipts=False)
        self._marks = Marks(store, "facts_to_score_for_agencies")
        self._rule_marks = Marks(store, "cards_to_judge_anew")
        self._city_marks = Marks(store, "months_to_score_for_city")

    async def mark_for_agencies(self, seen: Iterable[Observation]) -> None:
        """These have been taken in for employees and wait for the agencies' turn."""
        await self._marks.add(*(one.written() for one in seen))

    async def marked_for_agencies(self, limit: int) -> tuple[list[Observation], list[str]]:
        """What waits for the agencies' turn, and the marks that say so."""
        texts, marks = await self._marks.take_when_quiet(limit)
        return [Observation.read(text) for text in texts], marks

    async def oldest_waiting(self) -> datetime | None:
        """When the oldest mark was made that waits for the agencies' turn; None if none waits."""
        _, marks = await self._marks.take(1)
        return made_at(marks[0]) if marks else None

    async def done_for_agencies(self, marks: Sequence[str]) -> None:
        """The agencies have taken in what these marks named."""
        await self._marks.done(marks)

    async def mark_for_city(self, months: Iterable[str]) -> None:
        """An agency's card of these months has changed."""
        await self._city_marks.add(*months)

    async def marked_for_city(self, limit: int) -> tuple[list[str], list[str]]:
        """The months that wait for the city's turn, and the marks that say so."""
        months, marks = await self._city_marks.take(limit)
        return sorted(months), marks

    async def done_for_city(self, marks: Sequence[str]) -> None:
        """The city has taken in what these marks named."""
        await self._city_marks.done(marks)

    async def months_of_city(self, period: Period) -> list[CityCard]:
        """The city's cards of a period, by month."""
        found = _states(await self._cities.get_many(period.months))
        return [found[month] for month in period.months if month in found]

    async def put_city(
        self, month: str, rows: Sum, as_of: datetime, indicators: Sequence[Indicator]
    ) -> None:
        """Put the sum of the agencies' rows on the city's card."""
        cause = _cause(month, [as_of.isoformat(), *(one.version for one in indicators)], as_of)
        await self._cities.change(
            month, lambda card: (card or CityCard(month)).holding(rows, as_of, indicators), cause
        )

    async def of_employees(self, keys: Iterable[tuple[str, str]]) -> dict[str, EmployeeCard]:
        """The cards of these people and months, by id, where there are any."""
        ids = [_id(employee, period) for employee, period in keys]
        return _states(await self._employees.get_many(ids))

    async def months_of_employee(self, employee: str, period: Period) -> list[EmployeeCard]:
        """The cards of a person's period, by month."""
        ids = [_id(employee, month) for month in period.months]
        found = _states(await self._employees.get_many(ids))
        return [found[id_] for id_ in ids if id_ in found]

    async def of_agencies(self, keys: Iterable[tuple[str, str]]) -> dict[str, AgencyCard]:
        """The cards of these agencies and months, by id, where there are any."""
        ids = [_id(agency, period) for agency, period in keys]
        return _states(await self._agencies.get_many(ids))

    async def months_of_agency(self, agency: str, period: Period) -> list[AgencyCard]:
        """The cards of an agency's period, by month."""
        ids = [_id(agency, month) for month in period.months]
        found = _states(await self._agencies.get_many(ids))
        return [found[id_] for id_ in ids if id_ in found]

    async def agency_days(self, keys: Iterable[tuple[str, date]]) -> dict[str, Stored[AgencyDay]]:
        """The days of these agencies and dates, by id, where there are any."""
        return await self._days.get_many(_id(agency, on) for agency, on in keys)

    async def days_of_agency(self, agency: str, period: Period) -> list[AgencyDay]:
        """The days of an agency's period, by date, where there are any."""
        wanted = {"_id": {"$gte": _id(agency, period.first), "$lte": _id(agency, period.last)}}
        return [one.state for one in await self._days.find(wanted, sort=[("_id", 1)])]

    async def take_for_employee(
        self,
        employee: str,
        period: str,
        entries: Mapping[str, Entry],
        indicators: Sequence[Indicator],
    ) -> None:
        """Put entries on a person's card."""
        id_ = _id(employee, period)
        blank = EmployeeCard(EmployeeId(employee), period)
        causes = [f"{key}@{entry.sequence}" for key, entry in sorted(entries.items())]
        await self._employees.change(
            id_,
            lambda card: (card or blank).taking(entries, indicators),
            _cause(id_, causes, max(entry.at for entry in entries.values())),
        )

    async def judge_employee_anew(
        self, employee: str, period: str, indicators: Sequence[Indicator], at: datetime
    ) -> None:
        """Compute a person's card under other rules."""
        id_ = _id(employee, period)
        blank = EmployeeCard(EmployeeId(employee), period)
        cause = _cause(id_, [one.version for one in indicators], at)
        await self._employees.change(
            id_, lambda card: (card or blank).taking({}, indicators), cause
        )

    async def judge_agency_anew(
        self, agency: str, period: str, indicators: Sequence[Indicator], at: datetime
    ) -> None:
        """Compute an agency's card under other rules."""
        id_ = _id(agency, period)
        blank = AgencyCard(AgencyCode(agency), period)
        cause = _cause(id_, [one.version for one in indicators], at)
        await self._agencies.change(
            id_, lambda card: (card or blank).taking({}, {}, indicators), cause
        )

    async def mark_for_rules(self, portions: Iterable[str]) -> None:
        """These portions of cards (``<kind>:<month>:<after whom>``) are ruled otherwise now."""
        await self._rule_marks.add(*portions)

    async def marked_for_rules(self, limit: int) -> tuple[list[str], list[str]]:
        """The portions that wait, and the marks that say so."""
        portions, marks = await self._rule_marks.take(limit)
        return sorted(portions), marks

    async def done_for_rules(self, marks: Sequence[str]) -> None:
        """What these marks named has been computed."""
        await self._rule_marks.done(marks)

    async def take_for_day(
        self, agency: str, on: date, standings: Mapping[str, Standing], at: datetime
    ) -> None:
        """Put people's standings on an agency's day."""
        id_ = _id(agency, on)
        blank = AgencyDay(AgencyCode(agency), on)
        causes = [f"{person}@{one.sequence}" for person, one in sorted(standings.items())]
        await self._days.change(
            id_,
            lambda day: (day or blank).taking(standings, at),
            _cause(id_, causes, at),
        )

    async def take_for_agency(
        self,
        agency: str,
        period: str,
        tallies: Mapping[str, Tally],
        entries: Mapping[str, Entry],
        indicators: Sequence[Indicator],
    ) -> None:
        """Put days and answers on an agency's card."""
        id_ = _id(agency, period)
        blank = AgencyCard(AgencyCode(agency), period)
        causes = [f"{on}@{tally.order}" for on, tally in sorted(tallies.items())]
        causes += [f"{key}@{entry.sequence}" for key, entry in sorted(entries.items())]
        moments = [tally.at for tally in tallies.values() if tally.at]
        moments += [entry.at for entry in entries.values()]
        await self._agencies.change(
            id_,
            lambda card: (card or blank).taking(tallies, entries, indicators),
            _cause(id_, causes, max(moments)),
        )


def _id(subject: str, period: object) -> str:
    return f"{subject}:{period}"


def _cause(id_: str, causes: Sequence[str], at: datetime) -> Cause:
    """The change that these facts make of this document: the same facts, the same change."""
    change = derived_id("kpi", id_, *causes)
    return Cause(change, change, _SYSTEM, at)


def _states(stored: Mapping[str, Stored[S]]) -> dict[str, S]:
    return {id_: one.state for id_, one in stored.items()}
