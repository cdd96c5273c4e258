"""The documents of the log: segments of events, each beginning where the one before ends.

A segment is one document, so its events appear together or not at all. Its ``_id`` is its first
position, the end of the newest segment plus one: of two writers that saw the same end only one can
insert there, the other is told, looks again and goes behind. So positions have no gaps, none ever
fills later, and no writer can be stale (decision record 0006). A unique index over the ids inside
the segments makes every event one entry, however often it is delivered.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

from contracts.envelope import Audience
from kit.errors import Transient
from kit.ids import new_id
from kit.storage.batches import Coalescer
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.subscriptions.log.model import (
    SEGMENT,
    Entry,
    Filter,
    Placed,
    Reading,
    unknown_among,
)

_ATTEMPTS = 50
_TAIL_AGE_S = 0.1
_WIDEST_WINDOW = 50 * SEGMENT
_LOOKED_AT = 100 * SEGMENT
"""Positions one reading looks through at most; a rare event may take several readings to reach."""
_REMEMBERED = 5_000
"""Ranges read last, and events in them, together: what stands in the log never changes."""
_TEXTS: dict[Audience, tuple[str, str]] = {
    "internal": ("event", "public"),
    "public": ("public", "event"),
}
"""The field an audience reads, and the one that need not be loaded for it."""


class Log:
    """The log as one process reads and extends it; other processes do the same."""

    def __init__(self, store: Store) -> None:
        self._segments = store.collection(
            "log",
            indexes=[Index([("last", 1)], unique=True), Index([("entries.id", 1)], unique=True)],
        )
        self._identity = store.collection("log_identity")
        self._key: str | None = None
        self._tail: int | None = None
        self._tail_read_at = float("-inf")
        self._tail_lock = asyncio.Lock()
        self._ranges: OrderedDict[tuple[int, int, Audience, frozenset[str]], list[Placed]] = (
            OrderedDict()
        )
        self._append_together: Coalescer[Entry, bool] = Coalescer(self._append, most=SEGMENT)

    async def append(self, entry: Entry) -> bool:
        """Add an event behind all others; False if it is known already. Durable on return.

        Those who ask at once go together: a segment costs far more than another event in it.
        """
        return await self._append_together(entry)

    async def key(self) -> str:
        """The secret that signs this log's cursors; made once with the log."""
        if self._key is None:
            made = {"$setOnInsert": {"key": new_id()}}
            await self._identity.update_one({"_id": "log"}, made, upsert=True)
            found = await self._identity.find_one({"_id": "log"})
            if found is None:
                raise Transient("the log has no identity yet")
            self._key = str(found["key"])
        return self._key

    async def tail(self) -> int:
        """The newest position, at most a moment old; everything up to it can be read."""
        if time.monotonic() - self._tail_read_at > _TAIL_AGE_S:
            async with self._tail_lock:
                if time.monotonic() - self._tail_read_at > _TAIL_AGE_S:
                    await self._look_for_tail()
        return self._tail or 0

    async def read(self, after: int, wanted: Filter, limit: int) -> Reading:
        """Wanted events behind a position, in order, at most ``limit``."""
        tail = await self.tail()
        farthest = min(tail, after + _LOOKED_AT)
        found: list[Placed] = []
        until, window = after, limit
        while until < farthest and len(found) < limit:
            looked_at, until = until, min(farthest, until + window)
            segments = await self._segments_ending(looked_at, until, wanted)
            found += [one for one in segments if one.position > after and wanted.takes(one)]
            window = min(window * 2, _WIDEST_WINDOW)
        if len(found) >= limit:
            found = found[:limit]
            return Reading(tuple(found), found[-1].position)
        complete = until if until >= tail else until - SEGMENT
        return Reading(tuple(found), max(after, complete))

    async def known(self, ids: Sequence[str]) -> set[str]:
        """Those of these events that are in the log."""
        segments = await self._segments.find(
            {"entries.id": {"$in": list(ids)}}, projection={"entries.id": 1}
        )
        return {entry["id"] for segment in segments for entry in segment["entries"]}

    async def _segments_ending(self, after: int, until: int, wanted: Filter) -> list[Placed]:
        """What stands in the segments that end in ``(after, until]``, in order.

        The range is bounded on both sides and sorted here: the embedded database would sort all
        that follows in memory. A segment across ``until`` belongs to the next range. Subscribers
        ask for the same ranges, mostly the newest, so the last ones are remembered.
        """
        key = (after, until, wanted.audience, wanted.types)
        if key in self._ranges:
            self._ranges.move_to_end(key)
            return self._ranges[key]
        placed = await self._load(after, until, wanted)
        self._ranges[key] = placed
        while sum(1 + len(events) for events in self._ranges.values()) > _REMEMBERED:
            self._ranges.popitem(last=False)
        return placed

    async def _load(self, after: int, until: int, wanted: Filter) -> list[Placed]:
        text, other = _TEXTS[wanted.audience]
        segments = await self._segments.find(
            {"last": {"$gt": after, "$lte": until}, "types": {"$in": sorted(wanted.types)}},
            projection={f"entries.{other}": 0},
        )
        placed = [one for segment in segments for one in _placed(segment, text)]
        return sorted(placed, key=lambda one: one.position)

    async def _append(self, entries: Sequence[Entry]) -> list[bool | Exception]:
        fresh = list({entry.id: entry for entry in entries}.values())
        added: set[str] = set()
        for _ in range(_ATTEMPTS):
            if not fresh:
                break
            first = (self._tail if self._tail is not None else await self._look_for_tail()) + 1
            if await self._segments.insert_one(_segment(first, fresh)):
                self._tail = max(self._tail or 0, first + len(fresh) - 1)
                added = {entry.id for entry in fresh}
                break
            fresh = await self._behind_the_others(fresh)
        else:
            raise Transient("the end of the log did not stand still")
        return [_once(entry.id, added) for entry in entries]

    async def _behind_the_others(self, entries: Sequence[Entry]) -> list[Entry]:
        """What is left to append after another writer, or an earlier delivery, came first."""
        await self._look_for_tail()
        known = await self.known([entry.id for entry in entries])
        left = set(unknown_among((entry.id for entry in entries), known))
        return [entry for entry in entries if entry.id in left]

    async def _look_for_tail(self) -> int:
        looked_at = time.monotonic()
        if self._tail is None:
            newest = await self._segments.find(
                {}, sort=[("_id", -1)], limit=1, projection={"last": 1}
            )
        else:
            newest = await self._segments.find(
                {"last": {"$gt": self._tail}}, projection={"last": 1}
            )
        ends = [int(segment["last"]) for segment in newest]
        self._tail = max([self._tail or 0, *ends])
        self._tail_read_at = looked_at
        return self._tail


def _segment(first: int, entries: Sequence[Entry]) -> Document:
    return {
        "_id": first,
        "last": first + len(entries) - 1,
        "types": sorted({entry.type for entry in entries}),
        "entries": [
            {
                "id": entry.id,
                "type": entry.type,
                "agency": entry.agency,
                "event": entry.event,
                "public": entry.public,
            }
            for entry in entries
        ],
        "schema": 1,
    }


def _placed(segment: Document, text: str) -> list[Placed]:
    return [
        Placed(
            segment["_id"] + place,
            entry["id"],
            entry["type"],
            entry["agency"],
            entry[text] or "",
        )
        for place, entry in enumerate(segment["entries"])
    ]


def _once(id_: str, added: set[str]) -> bool:
    """Whether this entry is new; its repeats within the same batch are not."""
    if id_ in added:
        added.remove(id_)
        return True
    return False
