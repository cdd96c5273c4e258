"""What was done and how it was answered: written down for the account at the end."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx

from deploy.demo.caller import Caller, NotDone
from kit.ids import derived_id

_RECEIPT_PATIENCE_S = 90.0
_PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: who carries it out, where it is kept, and where answers name it."""

    name: str
    service: str
    collection: str
    document: tuple[str, ...]
    part: str | None = None


CHECK_IN = Kind("check-in", "attendance", "days", ("day", "id"), part="id")
DEVICE = Kind("machine", "attendance", "devices", ("serial",))
PIN = Kind("PIN", "attendance", "device_pins", ("id",))
FILE = Kind("file", "attendance", "device_imports", ("id",))
HELP = Kind("help request", "tasks", "help_requests", ("id",))


@dataclass(frozen=True, slots=True)
class Deed:
    """A change that was asked for: accepted with a result, or refused with a code."""

    kind: Kind
    command: str
    key: str
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
    etag: str | None = None

    @property
    def code(self) -> str | None:
        """The code of the refusal."""
        return None if self.problem is None else str(self.problem["code"])

    @property
    def document(self) -> str:
        """The id of the document an acceptance stands in."""
        found: Any = self.result
        for name in self.kind.document:
            found = found[name]
        return str(found)

    @property
    def part(self) -> str | None:
        """The id of the part of the document that the change added, where it has one."""
        if self.kind.part is None or self.result is None:
            return None
        return str(self.result[self.kind.part])


def key_of(*parts: str, body: Any) -> str:
    """A key made from what is sent, so that a repeated run repeats the answer."""
    text = body if isinstance(body, str) else json.dumps(body, sort_keys=True)
    return f"demo:{':'.join(parts)}:{sha256(text.encode()).hexdigest()[:16]}"


@dataclass(slots=True)
class Player:
    """An account that acts, and the book in which its deeds are kept."""

    username: str
    caller: Caller
    book: list[Deed] = field(default_factory=list)

    async def change(
        self,
        kind: Kind,
        path: str,
        *,
        key: str,
        body: Mapping[str, Any],
        method: str = "POST",
        if_match: str | None = None,
    ) -> Deed:
        """Ask for one change and wait until it is decided."""
        headers = {"Idempotency-Key": key} | ({"If-Match": if_match} if if_match else {})
        answer = await self.caller.call(method, path, json=dict(body), headers=headers)
        result, problem = await self._outcome(answer)
        command = derived_id(self.username, key)
        deed = Deed(kind, command, key, result, problem, answer.headers.get("ETag"))
        self.book.append(deed)
        return deed

    async def accepted(self, kind: Kind, path: str, **more: Any) -> Deed:
        """The same for a change that must be accepted."""
        deed = await self.change(kind, path, **more)
        if deed.problem is not None:
            raise NotDone(f"{self.username} {path}: {deed.problem}")
        return deed

    async def batch(
        self, kind: Kind, path: str, *, key: str, body: dict[str, Any]
    ) -> tuple[dict[str, Any], list[Deed]]:
        """Ask for many changes in one call; the answer, and the deeds in its order."""
        told = await self._must(path, key=key, json=body)
        deeds = [await self._of_item(kind, key, *item) for item in enumerate(told["items"])]
        self.book += deeds
        return told, deeds

    async def file(self, path: str, *, key: str, text: str) -> dict[str, Any]:
        """Bring a small file (one command); the answer, when all of it is stored."""
        told = await self._must(path, key=key, content=text.encode(), media_type="text/plain")
        for receipt in told["pending"]:
            result, problem = await self._receipt(f"/v1/receipts/{receipt}")
            if result is None:
                raise NotDone(f"{self.username} {path}: {problem}")
            told |= result
        command = derived_id(self.username, key, 0)
        self.book.append(Deed(FILE, command, key, {"id": command}))
        return told

    async def _must(
        self, path: str, *, key: str, media_type: str | None = None, **sent: Any
    ) -> dict[str, Any]:
        headers = {"Idempotency-Key": key} | ({"Content-Type": media_type} if media_type else {})
        answer = await self.caller.call("POST", path, headers=headers, **sent)
        if answer.status_code != httpx.codes.OK:
            raise NotDone(f"{self.username} {path}: {answer.status_code} {answer.text[:500]}")
        told: dict[str, Any] = answer.json()
        return told

    async def _of_item(self, kind: Kind, key: str, place: int, item: dict[str, Any]) -> Deed:
        result, problem = item.get("result"), item.get("problem")
        if item["status"] == "pending":
            result, problem = await self._receipt(f"/v1/receipts/{item['receipt']}")
        return Deed(kind, derived_id(self.username, key, place), key, result, problem)

    async def _outcome(
        self, answer: httpx.Response
    ) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        if answer.status_code == httpx.codes.ACCEPTED:
            return await self._receipt(answer.headers["Location"])
        told: dict[str, Any] = answer.json()
        return (told, None) if answer.is_success else (None, told)

    async def _receipt(self, path: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """What became of a change that was answered with 202."""
        async with asyncio.timeout(_RECEIPT_PATIENCE_S):
            while True:
                told = await self.caller.get(path)
                if told["status"] in {"accepted", "refused"}:
                    return told.get("result"), told.get("problem")
                if told["status"] == "stuck":
                    raise NotDone(f"{self.username} {path} is stuck among the dead letters")
                await asyncio.sleep(_PAUSE_S)


@dataclass(slots=True)
class Company:
    """The accounts that take part, each signed in once, and the book they share."""

    gateway: str
    password: str
    http: httpx.AsyncClient
    book: list[Deed] = field(default_factory=list)
    _players: dict[str, Player] = field(default_factory=dict)

    async def player(self, username: str) -> Player:
        """An account, signed in at its first appearance; its token is kept."""
        if username not in self._players:
            caller = Caller(self.gateway, http=self.http)
            if not await caller.sign_in(username, self.password):
                raise NotDone(f"{username} does not come in with the demo's password")
            self._players[username] = Player(username, caller, self.book)
        return self._players[username]


def tally(deeds: Sequence[Deed]) -> tuple[int, dict[str, int]]:
    """How many were accepted, and how many refused by code."""
    refused: dict[str, int] = {}
    for deed in deeds:
        if deed.code is not None:
            refused[deed.code] = refused.get(deed.code, 0) + 1
    return sum(deed.code is None for deed in deeds), refused
