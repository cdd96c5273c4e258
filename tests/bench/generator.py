"""The load generator, a process of its own: ``python -m tests.bench.generator <plan> <run>``.

Closed loop: so many callers, each waiting for its answer before the next call. Open loop: calls
leave when they are due, whatever became of earlier ones, and latency counts from that moment, so a
system that stalls cannot hide it. Every answer is read and checked.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import uvloop

from tests.bench.own_system import refuse_others
from tests.bench.plans import Call, Plan, Run, departures

_TIMEOUT_S = 30.0
_MOST_AT_ONCE = 2_000
_FIELDS = frozenset(
    {
        *("id", "employee_id", "direction", "office", "method", "at", "received_at"),
        *("offline", "late_minutes", "flags", "day", "version"),
    }
)
_UNCERTAIN = {0, 202, 503}
NO_ANSWER = 0


class Generator:
    """Makes the calls of one plan and notes what came back."""

    def __init__(self, plan: Plan, session: aiohttp.ClientSession) -> None:
        self._plan = plan
        self._session = session
        self._began = time.perf_counter()
        self.run = Run(began_at=time.time(), seconds=0.0)

    async def go(self) -> Run:
        """Make the calls; returns when the last one is answered."""
        await (self._closed() if self._plan.kind == "closed" else self._open())
        self.run.seconds = self._now()
        self.run.cpu_s = time.process_time()
        return self.run

    def _now(self) -> float:
        return time.perf_counter() - self._began

    async def _closed(self) -> None:
        calls = iter(self._plan.calls)

        async def caller() -> None:
            while self._now() < self._plan.seconds and (call := next(calls, None)):
                await self._make(call, self._now())

        await asyncio.gather(*(caller() for _ in range(self._plan.connections)))

    async def _open(self) -> None:
        under_way: set[asyncio.Task[None]] = set()
        for call, due in self._schedule():
            if (wait_s := due - self._now()) > 0:
                await asyncio.sleep(wait_s)
            self.run.most_late_s = max(self.run.most_late_s, self._now() - due)
            if len(under_way) >= _MOST_AT_ONCE:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.create_task(self._make(call, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    def _schedule(self) -> Iterator[tuple[Call, float]]:
        plan = self._plan
        due = plan.due or departures(plan.rate, plan.seconds, plan.seed)
        return zip(plan.calls, due, strict=False)

    async def _make(self, call: Call, due: float) -> None:
        try:
            status, told = await self._send(call)
        except (aiohttp.ClientError, TimeoutError) as error:
            status, told = NO_ANSWER, type(error).__name__.encode()
        self.run.samples.append((due, self._now(), status))
        self._note(call, status, told)

    async def _send(self, call: Call) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {call.token}"}
        if call.body is None:
            async with self._session.get(call.path, headers=headers) as answer:
                return answer.status, await answer.read()
        headers |= {"Content-Type": "application/json", "Idempotency-Key": call.key or ""}
        body = orjson.dumps(call.body | {"captured_at": datetime.now(UTC)})
        async with self._session.post(call.path, data=body, headers=headers) as answer:
            return answer.status, await answer.read()

    def _note(self, call: Call, status: int, told: bytes) -> None:
        if call.id is None:
            if status != 200 or not isinstance(orjson.loads(told), dict):
                self._complain(call, status, told)
        elif status == 201 and not _wrong(call, orjson.loads(told)):
            self.run.accepted.append(call.id)
        elif status in _UNCERTAIN:
            self.run.uncertain.append(call.id)
        else:
            self._complain(call, status, told)

    def _complain(self, call: Call, status: int, told: bytes) -> None:
        if len(self.run.unexpected) < 50:
            self.run.unexpected.append(f"{call.path} {status} {told[:300]!r}")


def _wrong(call: Call, told: dict[str, Any]) -> bool:
    return (
        not told.keys() >= _FIELDS
        or told["id"] != call.id
        or told["direction"] != (call.body or {})["direction"]
        or told["office"] is None
        or told["day"]["version"] != told["version"]
    )


async def _main(plan: Plan) -> Run:
    refuse_others(plan.gateway)
    connector = aiohttp.TCPConnector(limit=0 if plan.kind == "open" else plan.connections)
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(
        plan.gateway, connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        return await Generator(plan, session).go()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(Plan.read(Path(sys.argv[1])))).write(Path(sys.argv[2]))
