"""What is done to the system: by process number and start time, never by name."""

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.local import ports
from deploy.local.identity import identify, wait_until_gone
from tests.bench.own_system import StandingSystem

_READY_PATIENCE_S = 90.0
_GONE_PATIENCE_S = 40.0
_POLL_S = 0.3
_AFTER_S = 3.0
BROKER = "rabbitmq"


@dataclass(frozen=True, slots=True)
class Injury:
    """One fault: which, when, and how long until every process said that it is ready again."""

    name: str
    began: float
    ready_after_s: float
    ended: float


async def kill(system: StandingSystem, name: str) -> Injury:
    """End a process by force, and wait until the supervisor has it back and all are ready."""
    began = time.monotonic()
    await asyncio.to_thread(_send, system, name, signal.SIGKILL)
    return await _recovered(system, f"kill -9 {name}", began)


async def restart_broker(system: StandingSystem, times: int) -> Injury:
    """Stop the broker in order, again and again, as soon as it answers and not when all is well."""
    began = time.monotonic()
    for _ in range(times):
        await asyncio.to_thread(_send, system, BROKER, signal.SIGTERM)
        await _until(lambda: ports.answers(_port(system)), system)
        await asyncio.sleep(1.0)
    return await _recovered(system, f"broker restarted {times} times", began)


def _send(system: StandingSystem, name: str, number: signal.Signals) -> None:
    process = identify(system.pids()[name])
    if process is None:
        raise SystemExit(f"{name} does not run")
    process.send(number)
    if not wait_until_gone([process], _GONE_PATIENCE_S):
        raise SystemExit(f"{name} (pid {process.pid}) does not end")


def _port(system: StandingSystem) -> int:
    return urlsplit(system.addresses.rabbitmq).port or 5672


async def _recovered(system: StandingSystem, name: str, began: float) -> Injury:
    await _until(lambda: not system.unready(), system)
    ready_after_s = time.monotonic() - began
    await asyncio.sleep(_AFTER_S)
    return Injury(name, began, ready_after_s, time.monotonic())


async def _until(condition: Callable[[], bool], system: StandingSystem) -> None:
    deadline = time.monotonic() + _READY_PATIENCE_S
    while not await asyncio.to_thread(condition):
        if time.monotonic() > deadline:
            raise SystemExit(f"the system does not recover: {system.unready()}")
        await asyncio.sleep(_POLL_S)
