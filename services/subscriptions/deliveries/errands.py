"""Work beside a job: one errand per key at a time, so that a slow one holds up no other."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from contracts.outcome import Refusal
from kit.logging import get_logger

log = get_logger(__name__)

MOST_AT_ONCE = 32


class Errands:
    """The errands of one process that are under way."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._waited_for: set[str] = set()

    def begin(self, key: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin, unless this one is under way or too many are."""
        if key in self._running or len(self._running) >= MOST_AT_ONCE:
            return
        task = asyncio.create_task(work(), name=f"errand {key}")
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    @contextlib.contextmanager
    def only_one(self, key: str) -> Iterator[None]:
        """Do something for a caller who waits, unless the same is under way."""
        if key in self._waited_for:
            raise Refusal("rate_limited", retry_after_s=5)
        self._waited_for.add(key)
        try:
            yield
        finally:
            self._waited_for.discard(key)

    def _ended(self, key: str, task: "asyncio.Task[None]") -> None:
        del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("errand.failed", key=key, exc_info=error)
