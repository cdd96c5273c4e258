"""When a machine was last heard of, and how much it has sent; one small document per machine.

These figures change with every call of a machine, so they stand beside the register and not in it:
a version that somebody has read stays the version. An upload is counted once, also when its message
is delivered twice: the document remembers the last ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kit.storage.connection import Document
from kit.storage.store import Store

OUT_OF_TOUCH = timedelta(minutes=5)
"""After such a silence the lines of a machine may be of any age."""
_SEEN_EVERY = timedelta(seconds=15)
_REMEMBERED = 200
COUNTERS = ("received", "stored", "duplicates", "unreadable")


@dataclass(frozen=True, slots=True)
class Upload:
    """What came with one message of a machine."""

    id: str
    received_at: datetime
    counts: dict[str, int]
    newest: datetime | None
    newest_wall: str | None
    stamp: str | None
    live: bool = True
    """Whether the machine itself brought it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a machine from its calls."""

    last_seen: datetime | None = None
    in_touch_since: datetime | None = None
    clock_drift_s: int | None = None
    clock_set_at: str | None = None
    firmware: str | None = None
    stamp: str | None = None
    last_line: str | None = None
    counts: dict[str, int] | None = None

    def count(self, name: str) -> int:
        """One of the counters."""
        return (self.counts or {}).get(name, 0)


def clock_drift_s(
    newest: datetime | None, in_touch_since: datetime | None, received_at: datetime
) -> int | None:
    """How far the clock is ahead (or, negative, behind), from the newest line that was not known.

    A line that was recorded while the machine was in touch came at once, so the difference is the
    clock's; so is whatever lies ahead. An older line may have waited: it tells nothing.
    """
    if newest is None:
        return None
    drift = round((newest - received_at).total_seconds())
    during = in_touch_since is not None and newest >= in_touch_since
    return drift if drift > 0 or during else None


class Contacts:
    """The contacts of all machines."""

    def __init__(self, store: Store) -> None:
        self._collection = store.collection("device_contacts")

    async def of(self, serial: str) -> Contact:
        """What is known of a machine."""
        document = await self._collection.find_one({"_id": serial})
        return Contact() if document is None else _contact(document)

    async def of_many(self, serials: Iterable[str]) -> dict[str, Contact]:
        """What is known of these machines."""
        found = await self._collection.find({"_id": {"$in": list(serials)}})
        return {document["_id"]: _contact(document) for document in found}

    async def seen(self, serial: str, at: datetime, firmware: str | None = None) -> Contact:
        """The machine called; what was known of it before."""
        known = await self.of(serial)
        fields: dict[str, Any] = {}
        if known.last_seen is None or at - known.last_seen >= _SEEN_EVERY:
            fields["last_seen"] = at
            if known.last_seen is None or at - known.last_seen > OUT_OF_TOUCH:
                fields["in_touch_since"] = at
        if firmware and firmware != known.firmware:
            fields["firmware"] = firmware
        if fields:
            await self._collection.update_one({"_id": serial}, {"$set": fields}, upsert=True)
        return known

    async def uploaded(self, serial: str, upload: Upload) -> None:
        """Count what came, once; durable when it returns."""
        known = await self.of(serial)
        drift = clock_drift_s(upload.newest, known.in_touch_since, upload.received_at)
        stated = {"clock_drift_s": drift, "stamp": upload.stamp}
        newest: dict[str, Any] = {"last_seen": upload.received_at} if upload.live else {}
        if upload.newest_wall is not None:
            newest["last_line"] = upload.newest_wall
        change: dict[str, Any] = {
            "$inc": {f"counts.{name}": upload.counts.get(name, 0) for name in COUNTERS},
            "$push": {"recent": {"$each": [upload.id], "$slice": -_REMEMBERED}},
        }
        if newest:
            change["$max"] = newest
        if told := {name: value for name, value in stated.items() if value is not None}:
            change["$set"] = told
        new = {"_id": serial, "recent": {"$ne": upload.id}}
        await self._collection.update_one(new, change, upsert=True)

    async def clock_set(self, serial: str, wall: str) -> None:
        """Somebody set the machine's clock."""
        await self._collection.update_one(
            {"_id": serial}, {"$max": {"clock_set_at": wall}}, upsert=True
        )


def _contact(document: Document) -> Contact:
    names = Contact.__slots__
    return Contact(**{name: document.get(name) for name in names})
