"""The digests by person and day: whoever inserts or claims one sends it, nobody else."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.digests.model import CLAIMED_FOR, Digest, State, digest_id

_KEPT = timedelta(days=90)


class Digests:
    """Digests; they expire after ninety days."""

    def __init__(self, store: Store) -> None:
        self._collection = store.collection(
            "digests", indexes=[Index([("expires_at", 1)], expire_after_s=0)]
        )

    async def claim(
        self, person: str, on: date, ids: Sequence[str], at: datetime
    ) -> tuple[bool, Digest]:
        """Whether the digest is ours to send, and as it stands now."""
        fresh: Document = {
            "_id": digest_id(person, on),
            "state": "sending",
            "ids": list(ids),
            "claimed_at": at,
            "attempts": 1,
            "reason": None,
            "expires_at": at + _KEPT,
        }
        if await self._collection.insert_one(fresh):
            return True, _digest(fresh)
        known = await self.get(fresh["_id"])
        assert known is not None  # nothing deletes a digest of today
        if known.state == "sending" and known.claimed_at <= at - CLAIMED_FOR:
            await self._move(known, "uncertain", "whoever was sending it is gone")
        elif known.state == "waiting" and await self._again(known, ids, at):
            return True, _digest({**fresh, "attempts": known.attempts + 1})
        return False, await self.get(fresh["_id"]) or known

    async def get(self, id_: str) -> Digest | None:
        """A digest."""
        found = await self._collection.find_one({"_id": id_})
        return _digest(found) if found else None

    async def end(self, digest: Digest, state: State, reason: str | None = None) -> None:
        """What became of a digest that was ours."""
        await self._move(digest, state, reason)

    async def _again(self, known: Digest, ids: Sequence[str], at: datetime) -> bool:
        claim = {
            "state": "sending",
            "ids": list(ids),
            "claimed_at": at,
            "attempts": known.attempts + 1,
        }
        return await self._update(known, claim)

    async def _move(self, known: Digest, state: State, reason: str | None) -> None:
        await self._update(known, {"state": state, "reason": reason})

    async def _update(self, known: Digest, change: Document) -> bool:
        as_seen = {"_id": known.id, "state": known.state, "attempts": known.attempts}
        return await self._collection.update_one(as_seen, {"$set": change}) == 1


def _digest(document: Document) -> Digest:
    return Digest(
        document["_id"],
        document["state"],
        tuple(document["ids"]),
        document["claimed_at"],
        document["attempts"],
    )
