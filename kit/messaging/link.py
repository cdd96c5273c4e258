"""A plain connection that is built anew, whole, whenever anything of it closes.

A robust connection can come back without one of its parts; here connection and channels are made
together and swapped in only when all stand. Every publish has a deadline and one of three outcomes:
confirmed, not sent (``NotSent``), or unknown (``Unknown``: the same id makes a repeat harmless).
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import aio_pika
import aiormq
from aio_pika.abc import AbstractChannel, AbstractConnection

from kit.logging import get_logger
from kit.tasks import end

log = get_logger(__name__)

CONNECT_S = 5.0
PUBLISH_S = 5.0
HEARTBEAT_S = 5
_REBUILD_S = 0.3


class NotSent(Exception):
    """The message has not left: the broker is away, blocked, or knows no such queue."""


class Unknown(Exception):
    """The message may or may not have been stored."""


@dataclass(frozen=True, slots=True)
class _Standing:
    connection: AbstractConnection
    confirmed: AbstractChannel
    plain: AbstractChannel


class Link:
    """Publishing for one process: a channel with confirms and one without, for replies."""

    def __init__(self, url: str, name: str) -> None:
        self._url = with_heartbeat(url)
        self._name = name
        self._standing: _Standing | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._broken = asyncio.Event()
        self._up = asyncio.Event()

    @property
    def blocked(self) -> bool:
        """Whether the broker has stopped taking messages (a memory or disk alarm)."""
        return self._standing is not None and is_blocked(self._standing.connection)

    @property
    def up(self) -> bool:
        """Whether messages can be sent now."""
        return self._standing is not None and not self.blocked

    async def start(self) -> None:
        """Begin connecting and keep at it; returns at once."""
        self._keeper = asyncio.create_task(self._keep())

    async def wait_up(self) -> None:
        """Return when the link stands."""
        await self._up.wait()

    async def stop(self) -> None:
        """Close the connection."""
        if self._keeper is not None:
            await end(self._keeper)
        if self._standing is not None:
            await _close(self._standing.connection)

    async def publish(
        self,
        exchange: str,
        key: str,
        body: bytes,
        properties: Mapping[str, Any],
    ) -> None:
        """Store a message with the broker: persistent, confirmed, mandatory."""
        standing = self._ready()
        basic = aiormq.spec.Basic.Properties(delivery_mode=2, **properties)
        channel = await _underlay(standing.confirmed)
        try:
            async with asyncio.timeout(PUBLISH_S):
                confirmation = await channel.basic_publish(
                    body,
                    exchange=exchange,
                    routing_key=key,
                    properties=basic,
                    mandatory=True,
                    wait=False,
                )
        except aiormq.exceptions.PublishError as error:
            raise NotSent(f"no queue takes {key} of {exchange!r}") from error
        except aiormq.exceptions.DeliveryError as error:
            raise NotSent(f"refused by {key}") from error
        except aiormq.exceptions.ChannelInvalidStateError as error:
            self._broken.set()
            raise NotSent("the channel is closed") from error
        except (TimeoutError, aiormq.exceptions.AMQPError, ConnectionError, RuntimeError) as error:
            self._broken.set()
            raise Unknown(type(error).__name__) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # somebody did cancel us
            self._broken.set()
            raise Unknown("the connection was dropped") from error
        except Exception as error:
            if type(error) is not Exception:
                raise
            # what the driver tells those who wait for a confirm when it closes by itself
            self._broken.set()
            raise Unknown("the connection was closed") from error
        if isinstance(confirmation, aiormq.spec.Basic.Nack):
            raise NotSent(f"refused by {key}")

    async def reply(self, key: str, body: bytes, properties: Mapping[str, Any]) -> None:
        """Send an answer to a waiting caller; nobody is told if it does not arrive."""
        if self._standing is None:
            return
        basic = aiormq.spec.Basic.Properties(delivery_mode=1, **properties)
        with contextlib.suppress(aiormq.exceptions.AMQPError, ConnectionError, RuntimeError):
            channel = await _underlay(self._standing.plain)
            await channel.basic_publish(
                body, exchange="", routing_key=key, properties=basic, mandatory=False, wait=False
            )

    def _ready(self) -> _Standing:
        if self._standing is None:
            raise NotSent("the broker is away")
        if self.blocked:
            raise NotSent("the broker takes no messages (alarm)")
        return self._standing

    async def _keep(self) -> None:
        while True:
            try:
                await self._build()
            except (TimeoutError, OSError, aiormq.exceptions.AMQPError, RuntimeError) as error:
                log.warning("link.down", link=self._name, reason=type(error).__name__)
                await asyncio.sleep(_REBUILD_S)
                continue
            self._up.set()
            await self._broken.wait()
            self._up.clear()
            standing, self._standing = self._standing, None
            if standing is not None:
                await _close(standing.connection)

    async def _build(self) -> None:
        self._broken.clear()
        connection = await aio_pika.connect(self._url, timeout=CONNECT_S)
        try:
            async with asyncio.timeout(CONNECT_S):
                confirmed = await connection.channel(publisher_confirms=True, on_return_raises=True)
                plain = await connection.channel(publisher_confirms=False)
        except BaseException:
            await _close(connection)
            raise
        for closable in (connection, confirmed, plain):
            closable.close_callbacks.add(self._closed)
        self._standing = _Standing(connection, confirmed, plain)
        log.info("link.up", link=self._name)

    def _closed(self, *_: object) -> None:
        self._broken.set()


def with_heartbeat(url: str) -> str:
    """The URL with the heartbeat that finds a dead peer within seconds."""
    joiner = "&" if "?" in url else "?"
    return url if "heartbeat=" in url else f"{url}{joiner}heartbeat={HEARTBEAT_S}"


def is_blocked(connection: AbstractConnection) -> bool:
    """Whether the broker has blocked this connection; the driver keeps that to itself."""
    transport: Any = getattr(connection.transport, "connection", None)
    unblocked = getattr(transport, "_Connection__connection_unblocked", None)
    return unblocked is not None and not unblocked.is_set()


async def _underlay(channel: AbstractChannel) -> aiormq.Channel:
    """The driver's own channel: it can publish without waiting for the socket to drain."""
    return cast("aiormq.Channel", await channel.get_underlay_channel())


async def _close(connection: AbstractConnection) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(2):
            await connection.close()
