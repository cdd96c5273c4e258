"""The stores of the KPI service in memory; they may die midway, as a killed process does."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from kit.storage.aggregates import Stored
from rules.agencies import AgencyTree
from services.kpi.indicators.model import SHIPPED, Book
from services.kpi.indicators.observations import Observation, observe
from services.kpi.ledger.model import Fact
from services.kpi.scorecards.city import CityCard
from services.kpi.scorecards.running import AgencyCard, AgencyDay, EmployeeCard


class Died(Exception):
    """The process was killed here."""


class Ledger:
    """Facts in memory."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.marks: dict[str, set[str]] = {}

    def keep(self, facts: Iterable[Fact]) -> None:
        found = list(facts)
        self.facts.update({fact.id: fact for fact in found})
        self.marks[f"m{len(self.marks)}-{len(self.facts)}"] = {
            observe(fact).written() for fact in found
        }

    async def to_score(self, limit: int) -> tuple[list[Observation], list[str]]:
        marks = list(self.marks)[:limit]
        texts = {text for mark in marks for text in self.marks[mark]}
        return [Observation.read(text) for text in texts], marks

    async def scored(self, marks: list[str]) -> None:
        for mark in marks:
            del self.marks[mark]

    async def by_subjects(self, subjects: Iterable[str]) -> list[Fact]:
        wanted = set(subjects)
        return [fact for fact in self.facts.values() if fact.subject in wanted]


class Cards:
    """Scorecards in memory; dies at the write that ``lives`` counts down to."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[Any, int]] = {}
        self.events: list[Any] = []
        self.marks: dict[str, set[str]] = {}
        self.city_months: set[str] = set()
        self.lives: int | None = None
        self.writes = 0

    async def mark_for_agencies(self, seen: Iterable[Observation]) -> None:
        self.marks[f"m{len(self.marks)}-{self.writes}"] = {one.written() for one in seen}

    async def marked_for_agencies(self, limit: int) -> tuple[list[Observation], list[str]]:
        marks = list(self.marks)[:limit]
        texts = {text for mark in marks for text in self.marks[mark]}
        return [Observation.read(text) for text in texts], marks

    async def done_for_agencies(self, marks: list[str]) -> None:
        for mark in marks:
            del self.marks[mark]

    async def mark_for_city(self, months: Iterable[str]) -> None:
        self.city_months |= set(months)

    async def marked_for_city(self, limit: int) -> tuple[list[str], list[str]]:
        return sorted(self.city_months)[:limit], sorted(self.city_months)[:limit]

    async def done_for_city(self, marks: list[str]) -> None:
        self.city_months -= set(marks)

    async def put_city(self, month, rows, as_of, indicators):
        def city(_: object, period: str) -> CityCard:
            return CityCard(period)

        city.__name__ = "CityCard"
        self._change(city, "city", month, lambda card: card.holding(rows, as_of, indicators))

    def state(self, kind: type, subject: str, period: object) -> Any:
        return self.documents.get(f"{kind.__name__}/{subject}:{period}", (None, 0))[0]

    async def of_employees(self, keys):
        return self._states(EmployeeCard, keys)

    async def of_agencies(self, keys):
        return self._states(AgencyCard, keys)

    async def agency_days(self, keys):
        found = {}
        for agency, on in keys:
            state, version = self.documents.get(f"AgencyDay/{agency}:{on}", (None, 0))
            if state is not None:
                found[f"{agency}:{on}"] = Stored(f"{agency}:{on}", state, version, 0)
        return found

    async def take_for_employee(self, employee, period, entries, indicators):
        self._change(EmployeeCard, employee, period, lambda card: card.taking(entries, indicators))

    async def take_for_day(self, agency, on, standings, at):
        self._change(AgencyDay, agency, on, lambda day: day.taking(standings, at))

    async def take_for_agency(self, agency, period, tallies, entries, indicators):
        self._change(
            AgencyCard, agency, period, lambda card: card.taking(tallies, entries, indicators)
        )

    def _states(self, kind, keys):
        found = {
            f"{subject}:{period}": self.state(kind, subject, period) for subject, period in keys
        }
        return {id_: state for id_, state in found.items() if state is not None}

    def _change(self, kind, subject, period, decide) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Died
        key = f"{kind.__name__}/{subject}:{period}"
        state, version = self.documents.get(key, (kind(subject, period), 0))
        decision = decide(state)
        if version and decision.state == state and not decision.events:
            return
        self.documents[key] = (decision.state, version + 1)
        self.events += decision.events
        self.writes += 1


class Rules:
    """The book of indicators, as it ships."""

    async def current(self) -> Book:
        return Book(SHIPPED)


class Agencies:
    """The agencies of the tests."""

    async def tree(self) -> AgencyTree:
        return AgencyTree({"PEMKOT": None, "BKPSDM": "PEMKOT", "DINKES": "PEMKOT"})


def a_service() -> Any:
    """What the handlers work with, in memory."""
    return SimpleNamespace(facts=Ledger(), cards=Cards(), book=Rules(), copies=Agencies())
