"""What the machine gives: seconds of processor time and memory per process, and readers' lag."""

import asyncio
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import aio_pika
import psutil

from kit.messaging.topology import consumed_queues
from tests.bench.books import Books

_SAMPLE_S = 1.0
_MEBIBYTE = 1024 * 1024


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Processor time that each process and its children have used so far."""
    return {name: round(sum(map(_cpu, _tree(pid))), 2) for name, pid in pids.items()}


def resident_mib(pids: Mapping[str, int]) -> dict[str, int]:
    """Memory that each process and its children hold now."""
    return {
        name: sum(one.memory_info().rss for one in _tree(pid)) // _MEBIBYTE
        for name, pid in pids.items()
    }


def used(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """The difference of two readings."""
    return {name: round(after[name] - before.get(name, 0.0), 2) for name in after}


def machine() -> dict[str, Any]:
    """What was measured on."""
    packages = ("faststream", "aio-pika", "aiormq", "fastapi", "motor", "pymongo", "SecantusDB")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 1024**3, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
        "packages": {name: metadata.version(name) for name in packages},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@dataclass(slots=True)
class Lag:
    """Messages that wait in queues of commands and events, by second of the run."""

    seconds: list[float] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The worst moment."""
        return max(self.messages, default=0)

    @property
    def growth_per_s(self) -> float:
        """How many more wait every second: from the first third of the run to the last."""
        third = len(self.messages) // 3
        if third == 0:
            return 0.0
        first = sum(self.messages[:third]) / third
        last = sum(self.messages[-third:]) / third
        return round((last - first) / (self.seconds[-1] * 2 / 3), 2)


async def watch_lag(rabbitmq_url: str, until: asyncio.Event) -> Lag:
    """Count waiting messages every second; those in a consumer's hands are not among them."""
    lag = Lag()
    began = time.monotonic()
    connection = await aio_pika.connect(rabbitmq_url)
    async with connection:
        channel = await connection.channel()
        while not until.is_set():
            lag.messages.append(await waiting(channel))
            lag.seconds.append(round(time.monotonic() - began, 2))
            try:
                async with asyncio.timeout(_SAMPLE_S):
                    await until.wait()
            except TimeoutError:
                continue
    return lag


async def waiting(channel: aio_pika.abc.AbstractChannel) -> int:
    """How many messages wait in the queues that services consume."""
    total = 0
    for name in consumed_queues():
        queue = await channel.declare_queue(name, passive=True)
        total += queue.declaration_result.message_count or 0
    return total


async def drained(
    books: Books, rabbitmq_url: str, expected: int, patience_s: float
) -> tuple[float, list[str]]:
    """The seconds until every reader has what was accepted, and what is still missing if not.

    ``expected`` is the number of check-ins that the log must have in all. Queues and outboxes are
    looked at first, since that costs the system least; only when they are empty the log is counted.
    """
    began = time.monotonic()
    left: list[str] = []
    connection = await aio_pika.connect(rabbitmq_url)
    async with connection:
        channel = await connection.channel()
        while time.monotonic() - began < patience_s:
            moment = time.monotonic()
            left = await _left(books, channel, expected)
            if not left:
                return moment - began, []
            await asyncio.sleep(0.1)
    return time.monotonic() - began, left


async def _left(books: Books, channel: aio_pika.abc.AbstractChannel, expected: int) -> list[str]:
    if messages := await waiting(channel):
        return [f"{messages} messages wait"]
    if found := await asyncio.to_thread(lambda: [*books.unscored(), *books.outboxes()]):
        return found
    types = await asyncio.to_thread(books.logged_types)
    recorded = types["attendance.check_in.recorded.v1"]
    facts = await asyncio.to_thread(books.count, "kpi", "facts")
    if recorded < expected or facts < expected:
        return [f"{recorded} in the log, {facts} facts, {expected} expected"]
    return []
