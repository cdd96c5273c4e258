"""Callers as api.md wants them: what is not certain is asked again with the same key.

503, no answer, a dropped connection: repeat the same request. 202: follow the receipt. A call ends
only with what became of it, so afterwards nothing is uncertain and every id can be looked up.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import aiohttp
import orjson

from tests.bench.plans import Call, Movements

_TIMEOUT_S = 10.0
_PAUSE_S = 0.3
_LONGEST_PAUSE_S = 2.0
_MOST_OPEN = 100
"""So many wait for the end of their calls during an outage; nobody else begins one."""
_CHUNK = 200
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer of the gateway to a check-in, and when it came."""

    at: float
    status: int


@dataclass(frozen=True, slots=True)
class Done:
    """A call that came to its end, with the body it had: the same key goes with the same body."""

    at: float
    call: Call
    body: bytes


@dataclass(slots=True)
class Account:
    """What callers were told."""

    seen: list[Seen] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    open: int = 0

    def between(self, begin: float, end: float) -> dict[int, int]:
        """How many answers of which status came in a span of time."""
        counts: dict[int, int] = {}
        for one in self.seen:
            if begin <= one.at <= end:
                counts[one.status] = counts.get(one.status, 0) + 1
        return counts

    def longest_gap(self, begin: float, end: float) -> float:
        """The longest time in a span in which nobody was told that a check-in is recorded."""
        moments = sorted(one.at for one in self.done if begin <= one.at <= end)
        gaps = [later - earlier for earlier, later in pairwise([begin, *moments, end])]
        return max(gaps)


class Load:
    """Check-ins at an even rate until told to stop; every call is carried to its end."""

    def __init__(self, gateway: str, movements: Movements, rate: float) -> None:
        self._gateway = gateway
        self._movements = movements
        self._rate = rate
        self._stop = asyncio.Event()
        self.account = Account()

    async def run(self) -> None:
        """Call until stopped, then wait for what is under way."""
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(self._gateway, timeout=timeout, connector=connector) as session,
            asyncio.TaskGroup() as calls,
        ):
            began = time.monotonic()
            waiting: list[Call] = []
            number = 0
            while not self._stop.is_set():
                if not waiting:
                    waiting = list(reversed(self._movements.next(_CHUNK)))
                number += 1
                await asyncio.sleep(max(0.0, began + number / self._rate - time.monotonic()))
                while self.account.open >= _MOST_OPEN:
                    await asyncio.sleep(_PAUSE_S)
                    began += _PAUSE_S
                self.account.open += 1
                calls.create_task(self._carry(session, waiting.pop()))

    def stop(self) -> None:
        """Begin no further call."""
        self._stop.set()

    async def repeat(self, which: Sequence[Done]) -> list[str]:
        """Ask again what was answered: the same answer must come, and nothing may happen."""
        wrong: list[str] = []
        async with aiohttp.ClientSession(self._gateway) as session:
            for one in which:
                status, told, _ = await _ask(session, one.call, one.body)
                if status != 201 or told.get("id") != one.call.id:
                    wrong.append(f"repeated {one.call.id}: {status} {str(told)[:200]}")
        return wrong

    async def _carry(self, session: aiohttp.ClientSession, call: Call) -> None:
        body = orjson.dumps((call.body or {}) | {"captured_at": datetime.now(UTC)})
        pause_s = _PAUSE_S
        while True:
            status, told, location = await _ask(session, call, body)
            self.account.seen.append(Seen(time.monotonic(), status))
            if status == 202:
                told = await self._follow(session, call, location)
                status = 201 if told.get("id") else 0
            if status == 201 and told.get("id") == call.id:
                self.account.done.append(Done(time.monotonic(), call, body))
                break
            if status not in {NO_ANSWER, 503}:
                self.account.refused.append(f"{status} {str(told)[:300]}")
                break
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)
        self.account.open -= 1

    async def _follow(
        self, session: aiohttp.ClientSession, call: Call, location: str
    ) -> dict[str, Any]:
        """What the receipt says in the end."""
        headers = {"Authorization": f"Bearer {call.token}"}
        pause_s = _PAUSE_S
        while True:
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)
            try:
                async with session.get(location, headers=headers) as answer:
                    told: dict[str, Any] = orjson.loads(await answer.read())
            except (aiohttp.ClientError, TimeoutError):
                continue
            if told.get("status") in {"accepted", "refused", "stuck"}:
                result: dict[str, Any] = told.get("result") or told
                return result


async def _ask(
    session: aiohttp.ClientSession, call: Call, body: bytes
) -> tuple[int, dict[str, Any], str]:
    headers = {
        "Authorization": f"Bearer {call.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": call.key or "",
    }
    try:
        async with session.post(call.path, data=body, headers=headers) as answer:
            told: dict[str, Any] = orjson.loads(await answer.read())
            return answer.status, told, answer.headers.get("Location", "")
    except (aiohttp.ClientError, TimeoutError):
        return NO_ANSWER, {}, ""
