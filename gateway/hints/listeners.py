"""Who listens now, and the hints that wait for each of them: bounded, the newest per resource."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator

from contracts.envelope import Actor, Value
from contracts.outcome import Refusal
from gateway.hints.table import rows_by_type
from gateway.settings import Settings
from kit.errors import Permanent
from kit.logging import get_logger
from kit.messaging.client import Unavailable
from kit.messaging.overhearing import Overhearing
from kit.messaging.service import parse_event

log = get_logger(__name__)

MOST_WAITING = 500
"""Hints that wait for one listener; beyond it is told to look at everything again."""
MOST_PER_ACCOUNT = 10
_UP_S = 5.0


class Hint(Value):
    """Something has changed: what, and how many events it has had (the number of ``X-Written``)."""

    resource: str
    id: str
    version: int


class Listener:
    """One open stream: what concerns its actor and has not been sent yet."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._waiting: dict[tuple[str, str], Hint] = {}
        self._missed = False
        self._something = asyncio.Event()

    def offer(self, hint: Hint) -> None:
        """Keep a hint; a later one about the same thing takes the place of an earlier one."""
        known = self._waiting.get((hint.resource, hint.id))
        if known is None or known.version < hint.version:
            self._waiting[hint.resource, hint.id] = hint
        if len(self._waiting) > MOST_WAITING:
            self.miss()
        self._something.set()

    def miss(self) -> None:
        """Hints may have been lost: what waits is moot, everything must be looked at again."""
        self._waiting.clear()
        self._missed = True
        self._something.set()

    async def take(self, patience_s: float) -> tuple[bool, list[Hint]]:
        """Whether something was missed, and the hints that wait; after the patience, nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._something.wait()
        self._something.clear()
        missed, hints = self._missed, list(self._waiting.values())
        self._missed = False
        self._waiting.clear()
        return missed, hints


class Hints:
    """The listeners of this gateway, fed by what is overheard of the events."""

    def __init__(self, settings: Settings) -> None:
        self._rows = rows_by_type()
        self._listeners: set[Listener] = set()
        self._streams: Counter[str] = Counter()
        self._overhearing = Overhearing(
            settings.rabbitmq_url.get_secret_value(),
            "gateway.hints",
            sorted(self._rows),
            self.hear,
            self.miss,
        )

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def open(self) -> None:
        """Be ready for listeners."""
        self._overhearing.start()

    async def close(self) -> None:
        """Stop."""
        await self._overhearing.stop()

    @contextlib.contextmanager
    def listening(self, actor: Actor) -> Iterator[Listener]:
        """A listener, for as long as its stream is open."""
        listener = Listener(actor)
        self._streams[actor.account] += 1
        self._listeners.add(listener)
        self._overhearing.want(True)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            self._streams[actor.account] -= 1
            if not self._streams[actor.account]:
                del self._streams[actor.account]
            self._overhearing.want(bool(self._listeners))

    async def prepare(self, actor: Actor) -> None:
        """Return when what happens from now on is overheard; raises ``Unavailable``.

        Refuses an account that has too many streams open here.
        """
        if self._streams[actor.account] >= MOST_PER_ACCOUNT:
            raise Refusal("rate_limited", retry_after_s=5)
        self._overhearing.want(True)
        if not await self._overhearing.wait_up(_UP_S):
            raise Unavailable("the broker is away")

    def hear(self, name: str, body: bytes) -> None:
        """Take an event in: a hint for each listener whom it concerns."""
        row = self._rows.get(name)
        if row is None or not self._listeners:
            return
        try:
            event = parse_event(name, body)
        except Permanent:
            log.warning("hints.unreadable", type=name)
            return
        hint = Hint(resource=row.resource, id=event.subject, version=event.sequence)
        for listener in self._listeners:
            if row.concerns(event.data, listener.actor):
                listener.offer(hint)

    def miss(self) -> None:
        """The connection was lost: everybody may have missed something."""
        for listener in self._listeners:
            listener.miss()
