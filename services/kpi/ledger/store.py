"""The ledger's documents; the only file that knows the collection ``facts``.

``_id`` is the event's id, documents are only ever inserted. Two keys serve every question: the
subject (a day's id begins with its person and sorts by date, so a person's period is one range of
it) and the place, ``<agency>:<date>:<id>`` (an agency's period is one range, and pages follow it).
Few indexes on purpose: each is paid for with every check-in.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contracts.attendance import DayChanged
from contracts.kpi import HelpFact
from contracts.periods import DaySettled
from kit.ids import made_at
from kit.storage import pages
from kit.storage.connection import Document
from kit.storage.ledger import Ledger, Marks
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.kpi.indicators.observations import Observation, observe
from services.kpi.ledger.exporting import KINDS
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period

_OF_DAYS = (DayChanged.type, DaySettled.type)
_BEYOND = "\uffff"
_LOOK_EVERY_S = 0.02
_AT_ONCE = 40
"""Values in one ``$in``: every document found is compared with each of them."""


class Facts:
    """The facts, and the marks that say which of them no scorecard has taken in yet.

    A mark repeats what its fact says to the indicators, so that a fact that is no news is never
    read again.
    """

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("subject", 1)]),
            Index([("place", 1)]),
            Index([("people", 1)], sparse=True),
        ]
        # A fact is followed by its mark, written durably before the event is acknowledged; what
        # makes the mark durable makes every earlier write of the process so, the fact included.
        self._ledger = Ledger(store, "facts", indexes=indexes, durable=False)
        self._marks = Marks(store, "facts_to_score")

    async def keep(self, facts: Sequence[Fact]) -> None:
        """Have the facts in the ledger, once, and marked for scorecards; durable on return."""
        await asyncio.gather(*(self._ledger.append(one.id, _document(one)) for one in facts))
        await self._marks.add(*(observe(one).written() for one in facts))

    async def to_score(self, limit: int) -> tuple[list[Observation], list[str]]:
        """What waits for the scorecards, and the marks that say so."""
        texts, marks = await self._marks.take(limit)
        return [Observation.read(text) for text in texts], marks

    async def oldest_waiting(self) -> datetime | None:
        """When the oldest fact was marked that no person's scorecard has taken in; None if none."""
        _, marks = await self._marks.take(1)
        return made_at(marks[0]) if marks else None

    async def locked_days(self, agency: str, period: Period, revision: int) -> list[Fact]:
        """The facts that tell of the days of an agency which a revision of a lock holds."""
        wanted = {
            "place": _places(agency, period),
            "type": DayChanged.type,
            "data.locked": period.text,
            "data.revision": revision,
        }
        return [_fact(document) for document in await self._ledger.find(wanted)]

    async def scored(self, marks: Sequence[str]) -> None:
        """The scorecards have taken in what these marks named."""
        await self._marks.done(marks)

    async def by_ids(self, ids: Iterable[str]) -> list[Fact]:
        """The facts with these ids."""
        return await self._of_any("_id", sorted(set(ids)))

    async def by_subjects(self, subjects: Iterable[str]) -> list[Fact]:
        """Every fact about these days and help requests, whoever they count for."""
        return await self._of_any("subject", sorted(set(subjects)))

    async def holds(self, subject: str, sequence: int, wait_s: float) -> bool:
        """Whether the ledger has this subject up to a sequence, waiting for it a little."""
        wanted = {"subject": subject, "sequence": {"$gte": sequence}}
        deadline = asyncio.get_running_loop().time() + wait_s
        while not await self._ledger.find(wanted, limit=1, projection={"_id": 1}):
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)
        return True

    async def of_employee(self, employee: str, period: Period) -> list[Fact]:
        """Every fact about a person in a period, by date; help only where the person took part."""
        days, helped = await asyncio.gather(
            self._ledger.find(_days_of(employee, period)),
            self._ledger.find({"people": employee, "date": _between(period)}),
        )
        facts = [_fact(document) for document in (*days, *helped)]
        return sorted(facts, key=lambda fact: (fact.date, fact.id))

    async def subjects_of_agency(self, agency: str, period: Period) -> list[str]:
        """The days of people that any fact of an agency in a period is about."""
        wanted = {"place": _places(agency, period), "type": DayChanged.type}
        found = await self._ledger.find(wanted, projection={"subject": 1})
        return sorted({document["subject"] for document in found})

    async def answers_of_agency(self, agency: str, period: Period) -> list[Fact]:
        """The answered and confirmed help of an agency in a period, by date."""
        wanted = {"place": _places(agency, period), "type": {"$nin": list(_OF_DAYS)}}
        return [_fact(one) for one in await self._ledger.find(wanted, sort=[("place", 1)])]

    async def page_of_agencies(
        self, agencies: Iterable[str], period: Period, *, limit: int, cursor: str | None
    ) -> tuple[list[Fact], str | None]:
        """A page of the facts that count for these agencies in a period, by agency and date."""
        after = pages.decode(cursor)[1] if cursor is not None else ""
        found: list[Document] = []
        for agency in sorted(agencies):
            range_ = _places(agency, period)
            if after >= range_["$lt"]:
                continue
            range_["$gte"] = max(range_["$gte"], after + "\x00" if after else "")
            missing = limit + 1 - len(found)
            found += await self._ledger.find({"place": range_}, sort=[("place", 1)], limit=missing)
            if len(found) > limit:
                last = found[limit - 1]["place"]
                return [_fact(one) for one in found[:limit]], pages.encode(None, last)
        return [_fact(one) for one in found], None

    async def _of_any(self, field: str, values: Sequence[str]) -> list[Fact]:
        found: list[Fact] = []
        for start in range(0, len(values), _AT_ONCE):
            wanted = {field: {"$in": list(values[start : start + _AT_ONCE])}}
            found += [_fact(document) for document in await self._ledger.find(wanted)]
        return found


def _between(period: Period) -> dict[str, str]:
    return {"$gte": period.first.isoformat(), "$lte": period.last.isoformat()}


def _days_of(employee: str, period: Period) -> Mapping[str, Any]:
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"subject": {"$gte": f"{employee}:{first}", "$lte": f"{employee}:{last}"}}


def _places(agency: str, period: Period) -> dict[str, str]:
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"$gte": f"{agency}:{first}", "$lt": f"{agency}:{last}:{_BEYOND}"}


def _document(fact: Fact) -> Document:
    document: Document = {
        "type": fact.type,
        "time": fact.time,
        "subject": fact.subject,
        "sequence": fact.sequence,
        "agency": fact.agency,
        "date": fact.date,
        "place": f"{fact.agency}:{fact.date}:{fact.id}",
        "data": {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in fact.data.model_dump().items()
        },
    }
    if fact.employee is not None:
        document["employee"] = fact.employee
    if fact.people:
        document["people"] = list(fact.people)
    return document


def _fact(document: Document) -> Fact:
    kind = KINDS.get(document["type"], HelpFact)
    return Fact(
        id=document["_id"],
        type=document["type"],
        time=document["time"],
        subject=document["subject"],
        sequence=document["sequence"],
        agency=document["agency"],
        date=date.fromisoformat(document["date"]),
        data=kind.model_validate(document["data"]),
        employee=document.get("employee"),
        people=tuple(document.get("people", ())),
    )
