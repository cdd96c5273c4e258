"""Consumers that come back: FastStream subscribers, watched, and rebuilt from nothing on doubt.

A consumer can stay away silently after a broker restart while connection and process look healthy
(FastStream issue 2758). So any close that nobody asked for rebuilds the broker object, and every
few seconds each consumer tag is looked up in its channel's own state.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aio_pika
import aiormq
from aio_pika import IncomingMessage
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

from kit.logging import get_logger
from kit.messaging.link import CONNECT_S, with_heartbeat

log = get_logger(__name__)

_CHECK_S = 2.0
_REBUILD_S = 0.5
_START_S = 20.0
_DRAIN_S = 10.0

Handle = Callable[[IncomingMessage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue, how many unacknowledged messages it may hand out, and what takes them.

    ``careful`` queues hand out a single message first after a start: a message that kills the
    process then takes no others with it towards their delivery limit.
    """

    queue: str
    prefetch: int
    handle: Handle
    careful: bool = False
    classic: bool = False


async def _whole_message(message: Any) -> Any:
    return message


class Consumers:
    """All subscriptions of a process over one connection of their own."""

    def __init__(self, url: str, app_id: str, subscriptions: Sequence[Subscription]) -> None:
        self._url = with_heartbeat(url)
        self._app_id = app_id
        self._subscriptions = subscriptions
        self._broken = asyncio.Event()
        self.ready = not subscriptions
        self.rebuilds = 0

    async def run(self) -> None:
        """Consume until cancelled; then finish what is under way."""
        while self._subscriptions:
            broker = self._build()
            try:
                await self._take_one_each()
                async with asyncio.timeout(_START_S):
                    await broker.start()
                self.ready = True
                log.info("consumers.ready", queues=len(self._subscriptions))
                await self._watch(broker)
            except asyncio.CancelledError:
                self.ready = False
                await _stop(broker, _DRAIN_S)
                raise
            except (TimeoutError, OSError, aiormq.exceptions.AMQPError, RuntimeError) as error:
                log.warning("consumers.failed", reason=f"{type(error).__name__}: {error}")
            self.ready = False
            self.rebuilds += 1
            await _stop(broker, 1.0)
            await asyncio.sleep(_REBUILD_S)
        await asyncio.Event().wait()

    def _build(self) -> RabbitBroker:
        self._broken = asyncio.Event()
        broker = RabbitBroker(
            self._url,
            app_id=self._app_id,
            logger=None,
            apply_types=False,
            timeout=CONNECT_S,
            fail_fast=True,
            reconnect_interval=3_600.0,  # we rebuild instead
            graceful_timeout=_DRAIN_S,
            decoder=_whole_message,
            on_close=[self._closed],
        )
        for subscription in self._subscriptions:
            _subscribe(broker, subscription)
        return broker

    def _closed(self, *_: object) -> None:
        self._broken.set()

    async def _take_one_each(self) -> None:
        """Handle one message of each careful queue before any consumer takes many."""
        connection = await aio_pika.connect(self._url, timeout=CONNECT_S)
        async with connection:
            channel = await connection.channel()
            for subscription in self._subscriptions:
                if not subscription.careful:
                    continue
                queue = await channel.get_queue(subscription.queue, ensure=False)
                message = await queue.get(no_ack=False, fail=False, timeout=CONNECT_S)
                if isinstance(message, IncomingMessage):
                    await subscription.handle(message)

    async def _watch(self, broker: RabbitBroker) -> None:
        while not self._broken.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_S):
                    await self._broken.wait()
            if self._broken.is_set():
                log.warning("consumers.connection_closed")
                return
            for subscriber in broker.subscribers:
                if not await _consumes(subscriber):
                    log.error("consumers.lost", queue=getattr(subscriber, "queue", None))
                    return


def _subscribe(broker: RabbitBroker, subscription: Subscription) -> None:
    name = subscription.queue
    if subscription.classic:
        queue = RabbitQueue(name, queue_type=QueueType.CLASSIC, durable=True, declare=False)
    else:
        queue = RabbitQueue(name, queue_type=QueueType.QUORUM, durable=True, declare=False)
    channel = Channel(prefetch_count=subscription.prefetch, publisher_confirms=False)
    subscriber = broker.subscriber(
        queue, ack_policy=AckPolicy.MANUAL, no_reply=True, channel=channel
    )

    async def consume(message: Any) -> None:
        await subscription.handle(message.raw_message)

    subscriber(consume)


async def _consumes(subscriber: Any) -> bool:
    """Whether the subscriber's tag is known to its channel, and that channel is open."""
    tag, queue = subscriber._consumer_tag, subscriber._queue_obj  # noqa: SLF001  # no public view
    if tag is None or queue is None or queue.channel.is_closed:
        return False
    try:
        async with asyncio.timeout(1):
            underlay = await queue.channel.get_underlay_channel()
    except (TimeoutError, aiormq.exceptions.AMQPError, RuntimeError):
        return False
    return not underlay.is_closed and tag in underlay.consumers


async def _stop(broker: RabbitBroker, seconds: float) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(seconds + 2):
            await broker.stop()
