"""The way back to events that were written and perhaps not published: notes of batches of writes.

Events lie inside the documents they belong to, so that state and events are one write. What finds
them again after a crash is a note: which documents of a collection a batch is about to write, and
in which version. It is stored before the batch and deleted once everything the batch wrote is
published. So a note too many is possible, a note too few is not, and one tiny document serves a
whole batch (decision record 0010). An entry of an outbox whose note is gone has been published; it
stays where it is until its document is written the next time.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo import InsertOne

from kit.clock import now
from kit.ids import new_id
from kit.storage.batches import Loads
from kit.storage.connection import Collection, Database, Document

_REMEMBERED = 50_000
_SURELY_OVER = timedelta(hours=1)
"""A write that was begun this long ago has ended: the driver waits for an answer far less."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a batch was about to write: the collection, and each document's id and version."""

    id: str
    collection: str
    writes: tuple[tuple[str, int], ...]
    at: datetime

    def is_settled_by(self, versions: dict[str, int]) -> bool:
        """Whether every write has happened or never will, given the versions that stand."""
        written = all(versions.get(id_, 0) >= version for id_, version in self.writes)
        return written or self.at < now() - _SURELY_OVER


class Outbox:
    """The notes of one service."""

    def __init__(self, database: Database, notes: Collection) -> None:
        self._database = database
        self._notes = notes
        self._loads = Loads(notes)
        self._forgotten: OrderedDict[str, None] = OrderedDict()

    async def note(self, collection: str, writes: Sequence[tuple[str, int]]) -> str:
        """Remember that these documents are about to be written; returns the note's id."""
        document: Document = {
            "_id": new_id(),
            "collection": collection,
            "writes": [list(write) for write in writes],
            "at": now(),
        }
        # made durable by the writes that follow, or lost together with them
        await self._notes.bulk([InsertOne(document)], journaled=self._database.journals_everything)
        return str(document["_id"])

    async def forget(self, notes: Sequence[str]) -> None:
        """Everything these notes led to is published."""
        if not notes:
            return
        await self._notes.delete_many_fast({"_id": {"$in": list(notes)}})
        self._forgotten.update(dict.fromkeys(notes))
        while len(self._forgotten) > _REMEMBERED:
            self._forgotten.popitem(last=False)

    async def unpublished(self, entries: Sequence[Document]) -> list[Document]:
        """Those entries of a document's outbox that may still have to be published."""
        asked = {entry["note"] for entry in entries if entry["note"] not in self._forgotten}
        found = await asyncio.gather(*(self._loads.one(note) for note in asked))
        standing = {note["_id"] for note in found if note is not None}
        return [entry for entry in entries if entry["note"] in standing]

    async def late(self, before: datetime, limit: int) -> list[Note]:
        """The oldest notes from before a moment."""
        found = await self._notes.find({}, sort=[("_id", 1)], limit=limit)
        return [_note(one) for one in found if one["at"] < before]

    async def documents(self, note: Note) -> list[Document]:
        """The documents a note names, as they stand."""
        wanted = [id_ for id_, _ in note.writes]
        return await self._database.collection(note.collection).find({"_id": {"$in": wanted}})


def _note(document: Document) -> Note:
    writes = tuple((str(id_), int(version)) for id_, version in document["writes"])
    return Note(document["_id"], document["collection"], writes, document["at"])
