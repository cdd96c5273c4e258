"""Overhearing events: a queue that belongs to one process and lives as long as somebody listens.

For hints only: nothing is kept while nobody listens or the broker is away, and what a full queue
drops is gone. ``missed`` is called whenever that may have happened.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import aio_pika
import aiormq
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aiormq.abc import FieldTable

from kit.logging import get_logger
from kit.messaging.link import CONNECT_S, with_heartbeat
from kit.messaging.topology import EVENTS
from kit.tasks import end

log = get_logger(__name__)

MOST_WAITING = 10_000
_DECLARE_S = 10.0
_REBUILD_S = 0.5
_CHECK_S = 1.0
_LINGER_S = 60.0
"""How long the queue stays when nobody listens any more: people come back."""

Heard = Callable[[str, bytes], None]


class Overhearing:
    """Events of some types, given to ``heard`` as (type, body) while they are wanted."""

    def __init__(
        self, url: str, name: str, types: Sequence[str], heard: Heard, missed: Callable[[], None]
    ) -> None:
        self._url = with_heartbeat(url)
        self._name = name
        self._types = types
        self._heard = heard
        self._missed = missed
        self._wanted = asyncio.Event()
        self._up = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Be ready to listen; nothing connects before somebody wants to."""
        self._keeper = asyncio.create_task(self._keep(), name="overhearing")

    async def stop(self) -> None:
        """Stop listening."""
        if self._keeper is not None:
            await end(self._keeper)

    def want(self, wanted: bool) -> None:  # it is the whole message
        """Whether somebody listens now."""
        if wanted:
            self._wanted.set()
        else:
            self._wanted.clear()

    async def wait_up(self, seconds: float) -> bool:
        """Whether the queue stands, or does within these seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._up.wait()
        return self._up.is_set()

    async def _keep(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                await self._listen()
            except (TimeoutError, OSError, aiormq.exceptions.AMQPError, RuntimeError) as error:
                log.warning("overhearing.down", name=self._name, reason=type(error).__name__)
                await asyncio.sleep(_REBUILD_S)
            finally:
                self._up.clear()
                self._missed()

    async def _listen(self) -> None:
        """Listen until the connection is lost, or nobody has wanted it for a while."""
        properties: FieldTable = {"connection_name": self._name}
        connection = await aio_pika.connect(
            self._url, timeout=CONNECT_S, client_properties=properties
        )
        try:
            lost = await self._begin(connection)
            self._up.set()
            log.info("overhearing.up", name=self._name)
            idle_s = 0.0
            while idle_s < _LINGER_S and not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_CHECK_S):
                        await lost.wait()
                idle_s = 0.0 if self._wanted.is_set() else idle_s + _CHECK_S
        finally:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2):
                    await connection.close()

    async def _begin(self, connection: AbstractConnection) -> asyncio.Event:
        lost = asyncio.Event()
        connection.close_callbacks.add(lambda *_: lost.set())
        async with asyncio.timeout(_DECLARE_S):
            channel = await connection.channel(publisher_confirms=False)
            channel.close_callbacks.add(lambda *_: lost.set())
            limits: FieldTable = {"x-max-length": MOST_WAITING, "x-overflow": "drop-head"}
            queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=limits)
            for name in self._types:
                await queue.bind(EVENTS, name)
            await queue.consume(self._take, no_ack=True)
        return lost

    async def _take(self, message: AbstractIncomingMessage) -> None:
        self._heard(message.type or "", message.body)
