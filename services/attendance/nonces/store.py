"""Nonces: kept as hashes, each for one account, used by one command."""

import hashlib
import secrets
from datetime import datetime

from kit.clock import now
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.days.moments import NONCE_VALID

_BYTES = 18


class Nonces:
    """The nonces of offline captures."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("valid_until", 1)], expire_after_s=24 * 3_600)]
        self._collection = store.collection("nonces", indexes=indexes)

    async def issue(
        self, account: str, device: str | None, count: int
    ) -> tuple[list[str], datetime]:
        """New nonces for an account, and until when they can be redeemed."""
        moment = now()
        nonces = [secrets.token_urlsafe(_BYTES) for _ in range(count)]
        for nonce in nonces:
            document: Document = {
                "_id": _hash(nonce),
                "account": account,
                "device": device,
                "issued_at": moment,
                "valid_until": moment + NONCE_VALID,
                "used_by": None,
            }
            await self._collection.insert_one(document)
        return nonces, moment + NONCE_VALID

    async def issued_at(
        self, nonce: str, account: str, device: str | None, command: str
    ) -> datetime | None:
        """When it was issued, if it is this account's and unused (or used by this command).

        One that was given to a device is that device's.
        """
        document = await self._collection.find_one({"_id": _hash(nonce), "account": account})
        if document is None or document["used_by"] not in {None, command}:
            return None
        if document["device"] not in {None, device}:
            return None
        issued: datetime = document["issued_at"]
        return issued

    async def used_by(self, nonce: str, account: str) -> str | None:
        """The command that used a nonce of this account, if one did."""
        document = await self._collection.find_one({"_id": _hash(nonce), "account": account})
        user: str | None = None if document is None else document["used_by"]
        return user

    async def use(self, nonce: str, command: str) -> bool:
        """Use the nonce for this command; False if another one was first."""
        free = {"_id": _hash(nonce), "used_by": {"$in": [None, command]}}
        return await self._collection.update_one(free, {"$set": {"used_by": command}}) == 1


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
