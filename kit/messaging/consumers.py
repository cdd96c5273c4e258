"""Consumers that come back: watched, and rebuilt from nothing on doubt.

Commands and queries come one by one, many at a time, through FastStream subscribers. Events come in
batches: as many as have arrived, one acknowledgement for all of them.

A consumer can stay away silently after a broker restart while connection and process look healthy
(FastStream issue 2758). So any close that nobody asked for rebuilds the broker object, and every
few seconds each consumer tag is looked up in its channel's own state.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import aio_pika
import aiormq
from aio_pika import IncomingMessage
from aio_pika.abc import AbstractConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

from kit.logging import get_logger
from kit.messaging.link import CONNECT_S, with_heartbeat
from kit.tasks import end, finish

log = get_logger(__name__)

_CHECK_S = 2.0
_REBUILD_S = 0.5
_START_S = 20.0
_DRAIN_S = 10.0

_READ_AT_ONCE = 200
_READ_EVERY_S = 0.25
"""Readers take what has come together at most this often: a batch costs little more than one."""

Handle = Callable[[IncomingMessage], Awaitable[None]]
HandleMany = Callable[[Sequence[IncomingMessage]], Awaitable[None]]


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A queue of events and what takes them, a batch at a time."""

    queue: str
    handle: HandleMany


async def _whole_message(message: Any) -> Any:
    return message


class Consumers:
    """All subscriptions and readings of a process, over a connection each of their own."""

    def __init__(
        self,
        url: str,
        app_id: str,
        subscriptions: Sequence[Subscription],
        readings: Sequence[Reading] = (),
    ) -> None:
        self._url = with_heartbeat(url)
        self._app_id = app_id
        self._subscriptions = subscriptions
        self._readings = readings
        self._broken = asyncio.Event()
        self._connection: AbstractConnection | None = None
        self.ready = not (subscriptions or readings)
        self.rebuilds = 0

    async def run(self) -> None:
        """Consume until cancelled; then finish what is under way."""
        while self._subscriptions or self._readings:
            broker = self._build()
            readers = [_Reader(reading, self._closed) for reading in self._readings]
            try:
                await self._take_one_each()
                async with asyncio.timeout(_START_S):
                    await broker.start()
                    await self._start(readers)
                self.ready = True
                log.info("consumers.ready", queues=len(self._subscriptions) + len(readers))
                await self._watch(broker, readers)
            except asyncio.CancelledError:
                self.ready = False
                await finish(_stop(broker, _DRAIN_S))
                raise
            except (TimeoutError, OSError, aiormq.exceptions.AMQPError, RuntimeError) as error:
                log.warning("consumers.failed", reason=f"{type(error).__name__}: {error}")
            finally:
                self.ready = False
                await finish(self._end(readers))
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

    async def _start(self, readers: Sequence["_Reader"]) -> None:
        if not readers:
            return
        self._connection = await aio_pika.connect(self._url, timeout=CONNECT_S)
        self._connection.close_callbacks.add(self._closed)
        for reader in readers:
            await reader.start(self._connection)

    async def _end(self, readers: Sequence["_Reader"]) -> None:
        for reader in readers:
            await reader.stop()
        if self._connection is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1):
                    await self._connection.close()
            self._connection = None

    async def _watch(self, broker: RabbitBroker, readers: Sequence["_Reader"]) -> None:
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
            for reader in readers:
                if not reader.consumes:
                    log.error("consumers.lost", queue=reader.queue)
                    return


class _Reader:
    """Takes what has arrived on a queue, batch after batch, in the order of arrival."""

    def __init__(self, reading: Reading, broken: Callable[..., None]) -> None:
        self._reading = reading
        self._broken = broken
        self._arrived: deque[IncomingMessage] = deque()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._channel: aiormq.Channel | None = None
        self._tag: str | None = None

    @property
    def queue(self) -> str:
        """What is read."""
        return self._reading.queue

    @property
    def consumes(self) -> bool:
        """Whether the tag is known to the channel, and the channel open."""
        channel = self._channel
        return channel is not None and not channel.is_closed and self._tag in channel.consumers

    async def start(self, connection: AbstractConnection) -> None:
        """Consume over a channel of its own."""
        channel = await connection.channel(publisher_confirms=False)
        channel.close_callbacks.add(self._broken)
        self._channel = cast("aiormq.Channel", await channel.get_underlay_channel())
        await self._channel.basic_qos(prefetch_count=_READ_AT_ONCE)
        started = await self._channel.basic_consume(self.queue, self._arrive, no_ack=False)
        self._tag = started.consumer_tag
        self._worker = asyncio.create_task(self._work())
        self._worker.add_done_callback(self._broken)

    async def stop(self) -> None:
        """End; what is not acknowledged will be delivered again."""
        if self._worker is not None:
            await end(self._worker)

    async def _arrive(self, message: aiormq.abc.DeliveredMessage) -> None:
        self._arrived.append(IncomingMessage(message, no_ack=False))
        self._wake.set()

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await self._wake.wait()
            began = clock()
            size = min(_READ_AT_ONCE, len(self._arrived))
            batch = [self._arrived.popleft() for _ in range(size)]
            if not self._arrived:
                self._wake.clear()
            await self._reading.handle(batch)
            if not self._arrived:
                await asyncio.sleep(max(0.0, began + _READ_EVERY_S - clock()))


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
