"""The sessions, as the directory keeps them; they expire by themselves."""

from dataclasses import asdict
from datetime import datetime

from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.sessions.model import Session


class Sessions:
    """Sessions by id, written only over the revision that was read."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("expires_at", 1)], expire_after_s=24 * 3_600),
            Index([("account", 1), ("address", 1)]),
        ]
        self._collection = store.collection("sessions", indexes=indexes)

    async def get(self, id_: str) -> Session | None:
        """A session, or None."""
        found = await self._collection.find_one({"_id": id_})
        return _session(found) if found else None

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        await self._collection.insert_one(_document(session))

    async def replace(self, session: Session) -> bool:
        """Write the next revision; False if somebody else has written it."""
        fields = _document(session)
        del fields["_id"]
        condition = {"_id": session.id, "revision": session.revision - 1}
        return await self._collection.update_one(condition, {"$set": fields}) == 1

    async def end(self, id_: str, account: str, at: datetime) -> None:
        """End a session of this account."""
        update = {"$set": {"revoked_at": at}, "$inc": {"revision": 1}}
        await self._collection.update_one(
            {"_id": id_, "account": account, "revoked_at": None}, update
        )

    async def known(self, account: str, address: str) -> bool:
        """Whether the account has come in from this address before."""
        found = await self._collection.find_one(
            {"account": account, "address": address}, projection={"_id": 1}
        )
        return found is not None


def _document(session: Session) -> Document:
    fields = asdict(session)
    return {"_id": fields.pop("id"), **fields, "good": list(session.good)}


def _session(document: Document) -> Session:
    fields = dict(document)
    id_, good = fields.pop("_id"), tuple(fields.pop("good"))
    return Session(id=id_, good=good, **fields)
