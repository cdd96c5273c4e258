"""The lines' collection, the operations', and the marks of what must be counted again."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from contracts.device_lines import LinesTaken
from contracts.envelope import Command, Verdict
from contracts.outcome import Decision, Refusal
from kit.storage import pages
from kit.storage.aggregates import Aggregates
from kit.storage.connection import Document
from kit.storage.ledger import DerivedLedger, Ledger, Marks
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.device_lines.model import Line, Waiting
from services.attendance.device_lines.operations import Operation

_ADAPTER: TypeAdapter[Line] = TypeAdapter(Line)
_ABSENT_WHEN_EMPTY = ("day", "employee", "left", "flags", "verify", "at")
_OPERATIONS_KEPT_S = 400 * 24 * 3_600
_IMPORTS_KEPT_S = 30 * 24 * 3_600


class Lines:
    """Lines as they came; what they count for is computed again when an owner or a clock changes.

    An append is durable only with the write that follows it (a mark, or the machine's figures).
    """

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("day", 1)], sparse=True),
            Index([("left", 1)], sparse=True),
            Index([("pin", 1), ("serial", 1)], sparse=True),
            Index([("waits_on", 1)], sparse=True),
        ]
        self._lines = DerivedLedger(store, "device_lines", indexes=indexes, durable=False)
        self.marks = Marks(store, "device_line_marks")
        self.one_at_a_time = asyncio.Lock()

    async def append(self, lines: Sequence[Line]) -> set[str]:
        """Add lines; the ids of those that were not known, or that the same upload brought."""
        new = await asyncio.gather(*(self._lines.append(one.id, _document(one)) for one in lines))
        added = {line.id for line, is_new in zip(lines, new, strict=True) if is_new}
        known = [line for line in lines if line.id not in added]
        if not known:
            return added
        again = {"_id": {"$in": [line.id for line in known]}, "upload": known[0].upload}
        found = await self._lines.find(again, projection={"_id": 1})
        return added | {one["_id"] for one in found}

    async def known(self, ids: Iterable[str]) -> set[str]:
        """Those of these lines that are kept."""
        found = await self._lines.find({"_id": {"$in": list(ids)}}, projection={"_id": 1})
        return {one["_id"] for one in found}

    async def of_days(self, days: Sequence[str]) -> dict[str, list[Line]]:
        """The lines that count for these days."""
        by_day: dict[str, list[Line]] = {day: [] for day in days}
        for document in await self._lines.find({"day": {"$in": list(days)}}):
            by_day[document["day"]].append(_line(document))
        return by_day

    async def of_pin(self, serial: str, pin: str) -> list[Line]:
        """Every line of a PIN of a machine."""
        found = await self._lines.find({"pin": pin, "serial": serial})
        return [_line(document) for document in found]

    async def pins_between(self, serial: str, first: str, last: str) -> set[str]:
        """The PINs with lines between two moments of the machine's clock."""
        query = {"_id": {"$gte": f"{serial}:{first}", "$lte": f"{serial}:{last}~"}}
        found = await self._lines.find(query, projection={"pin": 1})
        return {document["pin"] for document in found if "pin" in document}

    async def place(self, line: Line) -> None:
        """Keep what a line counts for now."""
        document = _document(line)
        derived = ("at", "status", "flags", "employee", "day", "left", "waits_on")
        change: Document = {"$set": {name: document[name] for name in derived if name in document}}
        if gone := {name: "" for name in derived if name not in document}:
            change["$unset"] = gone
        await self._lines.derive(line.id, change)

    async def settle(self, days: Sequence[str]) -> None:
        """These days, which lines have left, are judged again."""
        for document in await self._lines.find({"left": {"$in": list(days)}}):
            left = [day for day in document["left"] if day not in days]
            change = {"$set": {"left": left}} if left else {"$unset": {"left": ""}}
            await self._lines.derive(document["_id"], change)

    async def waiting_for(
        self, employees: Sequence[str], nips: Sequence[str]
    ) -> set[tuple[str, str]]:
        """The machines and PINs whose lines wait for one of these people, or for their number."""
        queries: list[Document] = [
            {"waits_on": {"$in": [_post(employee) for employee in employees]}},
            {"pin": {"$in": list(nips)}, "status": "unmapped"},
        ]
        fields = {"serial": 1, "pin": 1}
        found = [await self._lines.find(query, projection=fields) for query in queries]
        return {(one["serial"], one["pin"]) for documents in found for one in documents}

    async def waiting(self, serial: str) -> Waiting:
        """How many lines of a machine wait now, and for what."""
        count = self._lines.collection.count_documents
        return Waiting(
            unmapped=await count({"waits_on": _owner_on(serial)}),
            implausible=await count({"waits_on": _clock_of(serial)}),
        )

    async def implausible_between(self, start: datetime, end: datetime) -> list[Line]:
        """The lines that arrived in this time and wait for a clock to be corrected."""
        waits = {"waits_on": {"$gte": _clock_of(""), "$lt": "clock;"}}
        query = {**waits, "received_at": {"$gte": start, "$lt": end}}
        return [_line(document) for document in await self._lines.find(query)]

    async def unmapped_pins(self, serial: str) -> list[Document]:
        """The PINs whose lines wait, with how many and from when to when."""
        pipeline: list[Document] = [
            {"$match": {"waits_on": _owner_on(serial)}},
            {
                "$group": {
                    "_id": "$pin",
                    "lines": {"$sum": 1},
                    "first": {"$min": "$wall"},
                    "last": {"$max": "$wall"},
                }
            },
            {"$sort": {"_id": 1}},
        ]
        return await self._lines.collection.aggregate(pipeline)

    async def page(
        self, query: Document, *, serial: str, limit: int, cursor: str | None
    ) -> tuple[list[Line], str | None]:
        """A page of the lines of a machine, the newest moment of its clock first."""
        wanted = {"_id": {"$gte": f"{serial}:", "$lt": f"{serial};"}} | query
        found, next_cursor = await pages.page(
            self._lines.collection, wanted, sort="-_id", limit=limit, cursor=cursor
        )
        return [_line(document) for document in found], next_cursor


class Operations:
    """What was done at machines, each entry once; kept for a year."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("received_at", 1)], expire_after_s=_OPERATIONS_KEPT_S)]
        self._ledger = Ledger(store, "device_operations", indexes=indexes)

    async def append(
        self, serial: str, entries: Sequence[tuple[Operation, str]], received_at: datetime
    ) -> None:
        """Add operations with their text; durable when it returns."""
        await asyncio.gather(
            *(
                self._ledger.append(
                    f"{serial}:{done.wall}:{done.code}:{done.by_pin or ''}",
                    {
                        "code": done.code,
                        "by_pin": done.by_pin,
                        "wall": done.wall,
                        "raw": raw,
                        "received_at": received_at,
                    },
                )
                for done, raw in entries
            )
        )

    async def page(
        self, serial: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Document], str | None]:
        """A page of the operations of a machine, the newest first."""
        wanted = {"_id": {"$gte": f"{serial}:", "$lt": f"{serial};"}}
        return await pages.page(
            self._ledger.collection, wanted, sort="-_id", limit=limit, cursor=cursor
        )


@dataclass(frozen=True, slots=True)
class Import:
    """A part of a file that was imported: when, by which command's body, how many lines."""

    at: datetime
    body_hash: str
    lines: int


class Imports:
    """The verdicts of imported parts of files, so that the same command is answered the same."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("at", 1)], expire_after_s=_IMPORTS_KEPT_S)]
        self._imports: Aggregates[Import] = Aggregates(
            store, "device_imports", Import, indexes=indexes
        )

    async def check(self, command: Command[Any]) -> None:
        """Refuse another body under the same key, before anything of it is kept."""
        known = await self._imports.get(command.id)
        if known is not None and known.state.body_hash != command.body_hash:
            raise Refusal("idempotency_key_reused")

    async def told(self, command: Command[Any], taken: LinesTaken) -> Verdict:
        """Keep what became of the lines, or repeat what was said before."""
        state = Import(command.received_at, command.body_hash, taken.lines)
        return await self._imports.change(
            command.id, lambda known: Decision(known or state), command, answer=lambda _: taken
        )


def _owner_on(serial: str) -> str:
    return f"owner:{serial}"


def _clock_of(serial: str) -> str:
    return f"clock:{serial}"


def _post(employee: str) -> str:
    return f"post:{employee}"


def _document(line: Line) -> Document:
    document: Document = _ADAPTER.dump_python(line)
    del document["id"]
    for name in _ABSENT_WHEN_EMPTY:
        if not document[name]:
            del document[name]
    if line.status == "unmapped":
        document["waits_on"] = _owner_on(line.serial)
    elif line.status == "implausible":
        document["waits_on"] = _clock_of(line.serial)
    elif line.status == "not_assigned":
        document["waits_on"] = _post(line.employee or "")
    if not line.pin:
        for name in ("pin", "wall", "state"):
            del document[name]
    return document


def _line(document: Document) -> Line:
    fields = {key: value for key, value in document.items() if key not in {"_id", "waits_on"}}
    return _ADAPTER.validate_python({"id": document["_id"]} | fields)
