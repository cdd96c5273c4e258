"""Agencies' months, and what was frozen of them; the only file that knows their collections."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from contracts.envelope import AgencyCode, Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.connection import Document
from kit.storage.ledger import Ledger
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.kpi.periods.closing import AgencyMonth, Closing, month_id
from services.kpi.periods.fingerprints import Result, ResultKind

_RESULT: TypeAdapter[Result] = TypeAdapter(Result)
_AT_ONCE = 500
_MARKS_IN_ONE = 5_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A frozen result, the closing it belongs to, and the other agencies it took days from.

    ``others`` are their revisions at that time: who moved in mid-month is frozen when the last of
    the agencies closes, and that holds as long as all of them do.
    """

    agency: str
    period: str
    revision: int
    result: Result
    others: dict[str, int]


class Months:
    """The months of agencies."""

    def __init__(self, store: Store) -> None:
        self._months: Aggregates[AgencyMonth] = Aggregates(
            store, "periods", AgencyMonth, indexes=[Index([("state", 1)]), Index([("agency", 1)])]
        )

    async def get(self, agency: str, period: str) -> Stored[AgencyMonth] | None:
        """An agency's month, or None if nobody ever closed it."""
        return await self._months.get(month_id(agency, period))

    async def of_agency(self, agency: str) -> list[AgencyMonth]:
        """Every month of an agency that was ever to be closed, the oldest first."""
        found = await self._months.find({"agency": agency}, sort=[("agency", 1), ("_id", 1)])
        return [stored.state for stored in found]

    async def many(self, ids: Iterable[str]) -> dict[str, AgencyMonth]:
        """These months, where there are any."""
        found = await self._months.get_many(ids)
        return {id_: stored.state for id_, stored in found.items()}

    async def closing(self) -> list[AgencyMonth]:
        """The months that are being closed, the oldest first."""
        found = await self._months.find({"state": "closing"})
        return sorted((stored.state for stored in found), key=lambda one: (one.period, one.agency))

    async def change(
        self,
        agency: str,
        period: str,
        decide: Callable[[AgencyMonth], Decision[AgencyMonth]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[AgencyMonth]], BaseModel] | None = None,
        status: int = 200,
    ) -> Verdict:
        """Decide about a month and write the outcome once."""
        blank = AgencyMonth(AgencyCode(agency), period)
        return await self._months.change(
            blank.id, lambda known: decide(known or blank), cause, answer=answer, status=status
        )


class FrozenResults:
    """What was frozen: results by subject and month, and which facts they were computed from."""

    def __init__(self, store: Store) -> None:
        self._results = Ledger(
            store, "frozen_results", indexes=[Index([("key", 1)]), Index([("closing", 1)])]
        )
        self._facts = Ledger(store, "frozen_facts", indexes=[Index([("closing", 1)])])

    async def write(
        self, kept: Sequence[Kept], marks: Sequence[tuple[str, str]], closing: str
    ) -> None:
        """Keep everything of a closing, instead of what a run that died left of it."""
        for ledger in (self._results, self._facts):
            await ledger.collection.delete_many({"closing": closing})
        for start in range(0, len(kept), _AT_ONCE):
            some = kept[start : start + _AT_ONCE]
            await asyncio.gather(
                *(
                    self._results.append(result_id(closing, one.result), _fields(one, closing))
                    for one in some
                )
            )
        for start in range(0, len(marks), _MARKS_IN_ONE):
            said = json.dumps(marks[start : start + _MARKS_IN_ONE])
            await self._facts.append(f"{closing}:{start:07d}", {"closing": closing, "marks": said})

    async def of_subject(self, kind: ResultKind, subject: str, period: str) -> list[Kept]:
        """Every frozen result of a person's or agency's month, whichever closing it is of."""
        found = await self._results.find({"key": f"{kind}:{subject}:{period}"})
        return [_kept(document) for document in found]

    async def of_closing(self, month: AgencyMonth, closing: Closing) -> list[Result]:
        """Every result of a closing."""
        found = await self._results.find({"closing": closing_id(month, closing.revision)})
        return [_kept(document).result for document in found]

    async def facts_of(self, month: AgencyMonth, closing: Closing) -> list[tuple[str, str]]:
        """The facts that a closing was computed from, and the hash of what each said."""
        found = await self._facts.find(
            {"closing": closing_id(month, closing.revision)}, sort=[("_id", 1)]
        )
        return [(id_, said) for document in found for id_, said in json.loads(document["marks"])]


def closing_id(month: AgencyMonth, revision: int) -> str:
    """What a closing is called."""
    return f"{month.id}:{revision}"


def holds(kept: Kept, months: Mapping[str, AgencyMonth]) -> bool:
    """Whether the closing of a frozen result holds, and that of every other agency in it."""
    needed = {**kept.others, kept.agency: kept.revision}
    for agency, revision in needed.items():
        month = months.get(month_id(agency, kept.period))
        if month is None or month.closed is None or month.closed.revision != revision:
            return False
    return True


def result_id(closing: str, result: Result) -> str:
    """The key of a frozen result."""
    return f"{closing}:{result.kind}:{result.subject}"


def _fields(one: Kept, closing: str) -> Document:
    result = one.result
    return {
        "closing": closing,
        "key": f"{result.kind}:{result.subject}:{one.period}",
        "agency": one.agency,
        "period": one.period,
        "revision": one.revision,
        "others": dict(one.others),
        "result": json.dumps(asdict(result)),
    }


def _kept(document: Document) -> Kept:
    said: dict[str, Any] = document
    return Kept(
        agency=said["agency"],
        period=said["period"],
        revision=said["revision"],
        result=_RESULT.validate_json(said["result"]),
        others=said["others"],
    )
