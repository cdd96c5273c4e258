"""The door: checks a password, and lets nobody guess quickly."""

import asyncio
from collections import defaultdict
from datetime import datetime

from contracts.outcome import Refusal
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.accounts.hashing import Hashing
from services.directory.accounts.store import Credentials, Passwords
from services.directory.sessions.throttle import (
    ACCOUNT,
    ADDRESS,
    WINDOW,
    Failures,
    wait_s,
    window_of,
)


class Attempts:
    """Counts of failed tries; they forget themselves."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("expires_at", 1)], expire_after_s=0)]
        self._collection = store.collection("sign_in_failures", indexes=indexes)

    async def of(self, subject: str, at: datetime) -> Failures | None:
        """The failures of an account or address in the window of this moment."""
        found = await self._collection.find_one({"_id": _key(subject, at)})
        return Failures(found["count"], found["last_at"]) if found else None

    async def add(self, subject: str, at: datetime) -> None:
        """One more."""
        update = {
            "$inc": {"count": 1},
            "$max": {"last_at": at},
            "$setOnInsert": {"expires_at": window_of(at) + 2 * WINDOW},
        }
        await self._collection.update_one({"_id": _key(subject, at)}, update, upsert=True)

    async def forget(self, subject: str, at: datetime) -> None:
        """The right password was given."""
        await self._collection.delete_many({"_id": _key(subject, at)})


class Guard:
    """Checks passwords: one try at a time per account, slower after every failure."""

    def __init__(self, attempts: Attempts, passwords: Passwords, hashing: Hashing) -> None:
        self._attempts = attempts
        self._passwords = passwords
        self._hashing = hashing
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: defaultdict[str, int] = defaultdict(int)

    async def check(
        self,
        username: str,
        password: str,
        *,
        address: str,
        at: datetime,
        known_there: bool = False,
    ) -> Credentials:
        """Refuse with ``bad_credentials`` or ``rate_limited`` unless the password is right.

        Tries for one account take turns, so that a hundred at once are not a hundred free ones.
        """
        self._waiting[username] += 1
        try:
            async with self._turns[username]:
                return await self._check(username, password, address, at, known_there)
        finally:
            self._waiting[username] -= 1
            if not self._waiting[username]:
                del self._waiting[username], self._turns[username]

    async def _check(
        self, username: str, password: str, address: str, at: datetime, known_there: bool
    ) -> Credentials:
        failures = await self._attempts.of(f"account:{username}", at)
        wait = wait_s(failures, ACCOUNT, at)
        if address and not known_there:
            wait = max(wait, wait_s(await self._attempts.of(f"address:{address}", at), ADDRESS, at))
        if wait:
            raise Refusal("rate_limited", retry_after_s=wait)
        credentials = await self._passwords.get(username)
        hash_ = credentials.hash if credentials else None
        if not await self._hashing.matches(hash_, password) or credentials is None:
            await self.failed(username, address, at)
            raise Refusal("bad_credentials")
        if failures is not None:
            await self._attempts.forget(f"account:{username}", at)
        return credentials

    async def failed(self, username: str, address: str, at: datetime) -> None:
        """Count a failure."""
        await self._attempts.add(f"account:{username}", at)
        if address:
            await self._attempts.add(f"address:{address}", at)


def _key(subject: str, at: datetime) -> str:
    return f"{subject}@{window_of(at).isoformat()}"
