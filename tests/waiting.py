"""Waiting for a condition with a deadline; never for a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], bool], *, within_s: float = 10, every_s: float = 0.05
) -> None:
    """Return when the condition holds; ``AssertionError`` when it does not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {_name(condition)}"
        time.sleep(every_s)


async def eventually(
    ask: Callable[[], T | Awaitable[T]], *, within_s: float = 10, every_s: float = 0.05
) -> T:
    """The first answer that is true; ``AssertionError`` when there is none in time."""
    deadline = time.monotonic() + within_s
    while True:
        answer = ask()
        found = await answer if inspect.isawaitable(answer) else answer
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {within_s} s: {_name(ask)}"
        await asyncio.sleep(every_s)


def _name(condition: Callable[..., object]) -> str:
    return getattr(condition, "__qualname__", repr(condition))
