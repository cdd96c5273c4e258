"""The bus as a caller sees it: commands with verdicts, queries with answers, one plain connection.

Connection, channel and reply consumer form a *link*; they stand or fall together. Whatever closes
one of them, the whole link is built anew and swapped in only when all three stand and a message to
its own reply address has come back through it. A robust connection is not used: it can return
without its reply consumer, and then every publish closes the channel for good.

What a caller learns is exact: a verdict or an answer; ``None`` when the command *is* stored and its
verdict is not known yet; :class:`Unavailable` when it is not known to be stored. An unconfirmed
publish may have been stored all the same: repeating it with the same id is harmless.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, Self, cast

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq import Channel as PlainChannel
from aiormq import spec
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import AMQPError, DeliveryError, PublishError

from contracts.envelope import Answer, Command, Query, Verdict
from kit.logging import get_logger
from kit.messaging.link import is_blocked, with_heartbeat
from kit.messaging.topology import COMMANDS, QUERIES
from kit.tasks import end

DIRECT_REPLY = "amq.rabbitmq.reply-to"
CONNECT_TIMEOUT_S = 5.0
BUILD_TIMEOUT_S = 10.0
PUBLISH_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 3.0
PING_EVERY_S = 2.0
PING_TIMEOUT_S = 5.0
FIRST_BACK_OFF_S = 0.1
LONGEST_BACK_OFF_S = 1.0
PERSISTENT, TRANSIENT = 2, 1

log = get_logger(__name__)


class Unavailable(Exception):
    """It is not known that the message was stored (or the answer did not come in time)."""

    def __init__(self, reason: str, *, retry_after_s: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


@contextmanager
def _lost_connection_is_not_cancellation() -> Iterator[None]:
    """Name what the AMQP library raises; a dropped connection cancels waiters nobody cancelled."""
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise Unavailable("the connection was lost before the confirm") from error
    except TimeoutError as error:
        raise Unavailable("the broker did not confirm in time") from error
    except PublishError as error:
        raise Unavailable("no queue takes this message", retry_after_s=5) from error
    except DeliveryError as error:
        raise Unavailable("the queue is full", retry_after_s=2) from error
    except (AMQPError, OSError, RuntimeError) as error:
        raise Unavailable(f"the broker is away: {type(error).__name__}") from error
    except Exception as error:
        if type(error) is not Exception:
            raise
        # what the AMQP library tells those who wait for a confirm when it closes by itself
        raise Unavailable("the connection was closed before the confirm") from error


class _Link:
    """A connection with one channel that publishes and receives the replies."""

    def __init__(self, connection: AbstractConnection, plain: PlainChannel) -> None:
        self._connection = connection
        self._plain = plain
        self._waiting: dict[str, asyncio.Future[bytes | None]] = {}
        self._tokens = count(1)
        self._address = ""
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self.lost = asyncio.Event()

    @classmethod
    async def open(cls, url: str, name: str) -> Self:
        """Build all three parts and prove that a reply comes back, or leave nothing behind."""
        connection = await aio_pika.connect(
            with_heartbeat(url),
            timeout=CONNECT_TIMEOUT_S,
            client_properties={"connection_name": name},
        )
        try:
            async with asyncio.timeout(BUILD_TIMEOUT_S):
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                plain = await channel.get_underlay_channel()
                link = cls(connection, cast(PlainChannel, plain))
                await link._listen(channel)
                await link.ping()
        except BaseException:
            await _close_quietly(connection)
            raise
        return link

    async def _listen(self, channel: AbstractChannel) -> None:
        """Consume the replies, and learn the address at which they reach this channel."""
        self._connection.close_callbacks.add(self._on_loss)
        channel.close_callbacks.add(self._on_loss)
        await self._plain.basic_consume(DIRECT_REPLY, self._on_reply, no_ack=True)
        mirror = await channel.declare_queue(exclusive=True, auto_delete=True)
        asking = spec.Basic.Properties(reply_to=DIRECT_REPLY)
        await self._plain.basic_publish(b"", routing_key=mirror.name, properties=asking)
        seen = await self._plain.basic_get(mirror.name, no_ack=True)
        self._address = str(seen.header.properties.reply_to or "")
        await mirror.delete(if_unused=False, if_empty=False)

    def _on_loss(self, *_: Any) -> None:
        self.lost.set()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_result(None)

    async def _on_reply(self, message: DeliveredMessage) -> None:
        self._heard_at = self._loop.time()
        reply = self._waiting.get(message.header.properties.correlation_id or "")
        if reply is not None and not reply.done():
            reply.set_result(message.body)

    @property
    def is_blocked(self) -> bool:
        """Whether the broker takes nothing at present (an alarm on memory or disk)."""
        return is_blocked(self._connection)

    async def ping(self) -> None:
        """Send a message to ourselves through everything a call needs."""
        reply = await self.call("", self._address, b"", PING_TIMEOUT_S, delivery_mode=TRANSIENT)
        if reply is None:
            raise Unavailable("no reply comes back")

    async def call(
        self, exchange: str, key: str, body: bytes, patience_s: float, **properties: Any
    ) -> bytes | None:
        """Publish, confirmed, and wait for the reply; ``None`` when it does not come in time."""
        deadline = self._loop.time() + patience_s
        token = f"{next(self._tokens):x}"
        reply: asyncio.Future[bytes | None] = self._loop.create_future()
        self._waiting[token] = reply
        basic = spec.Basic.Properties(
            content_type="application/json",
            correlation_id=token,
            reply_to=DIRECT_REPLY,
            **properties,
        )
        try:
            await self._publish(exchange, key, body, basic, reply)
            return await self._until(deadline, reply)
        finally:
            del self._waiting[token]

    async def _publish(
        self,
        exchange: str,
        key: str,
        body: bytes,
        properties: spec.Basic.Properties,
        reply: asyncio.Future[bytes | None],
    ) -> None:
        try:
            with _lost_connection_is_not_cancellation():
                await self._plain.basic_publish(
                    body,
                    exchange=exchange,
                    routing_key=key,
                    properties=properties,
                    mandatory=bool(exchange),  # a direct reply address counts as unroutable
                    timeout=PUBLISH_TIMEOUT_S,
                    wait=False,  # the confirm is waited for, not the socket
                )
        except Unavailable:
            if not (reply.done() and reply.result() is not None):
                raise  # a reply that overtook its confirm is proof enough

    async def _until(self, deadline: float, reply: asyncio.Future[bytes | None]) -> bytes | None:
        if reply.done():
            return reply.result()
        timer = self._loop.call_at(deadline, _give_up, reply)
        try:
            return await reply
        finally:
            timer.cancel()

    async def watch(self) -> None:
        """Return when the link is lost, or when neither a ping nor anything else comes back.

        A ping waits behind everything else: while replies arrive, a late one means load.
        """
        while not self.lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(PING_EVERY_S):
                    await self.lost.wait()
            if not self.lost.is_set() and not self.is_blocked:
                try:
                    await self.ping()
                except Unavailable as error:
                    log.warning("bus.ping_failed", reason=error.reason)
                    if self._loop.time() - self._heard_at > PING_TIMEOUT_S:
                        return

    async def close(self) -> None:
        """Answer everybody who waits, and take the connection down."""
        self._on_loss()
        await _close_quietly(self._connection)


def _give_up(reply: "asyncio.Future[bytes | None]") -> None:
    if not reply.done():
        reply.set_result(None)


async def _close_quietly(connection: AbstractConnection) -> None:
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            with _lost_connection_is_not_cancellation():
                await connection.close()
    except (TimeoutError, Unavailable) as error:
        log.info("bus.close_failed", reason=str(error))


class Bus:
    """Commands and queries over one link that is replaced whenever it breaks."""

    def __init__(self, url: str, *, name: str) -> None:
        self._url = url
        self._name = name
        self._link: _Link | None = None
        self._stands = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Begin to keep a link; waits for the first one, but not for ever."""
        self._keeper = asyncio.create_task(self._keep(), name="bus-keeper")
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._stands.wait()

    async def close(self) -> None:
        """Stop keeping a link and close the one that stands."""
        if self._keeper is not None:
            await end(self._keeper)
        if self._link is not None:
            self._retire(self._link)
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def command(self, command: Command[Any], patience_s: float) -> Verdict | None:
        """Have a command stored and wait for its verdict; ``None``: stored, not yet decided."""
        reply = await self._usable().call(
            COMMANDS,
            command.body.feature,
            _encode(command),
            patience_s,
            delivery_mode=PERSISTENT,
            message_id=command.id,
            message_type=command.name,
            app_id=self._name,
        )
        return None if reply is None else Verdict.model_validate_json(reply)

    async def query(self, query: Query[Any], deadline_s: float) -> Answer:
        """Ask a service; also for requests with secrets: nothing of it is stored anywhere."""
        reply = await self._usable().call(
            QUERIES,
            query.body.service,
            _encode(query),
            deadline_s,
            delivery_mode=TRANSIENT,
            expiration=str(max(1, int(deadline_s * 1_000))),
            message_id=query.id,
            message_type=query.name,
            app_id=self._name,
        )
        if reply is None:
            raise Unavailable(f"{query.body.service} did not answer in time", retry_after_s=2)
        return Answer.model_validate_json(reply)

    async def ping(self) -> None:
        """Raise :class:`Unavailable` unless a message comes back through the bus right now."""
        await self._usable().ping()

    def _usable(self) -> _Link:
        link = self._link
        if link is None or link.lost.is_set():
            raise Unavailable("the broker is away")
        if link.is_blocked:
            raise Unavailable("the broker takes nothing at present", retry_after_s=5)
        return link

    async def _keep(self) -> None:
        back_off = FIRST_BACK_OFF_S
        while True:
            try:
                with _lost_connection_is_not_cancellation():
                    self._link = await _Link.open(self._url, self._name)
            except Unavailable as error:
                log.warning("bus.unreachable", reason=error.reason, again_in_s=back_off)
                await asyncio.sleep(back_off * random.uniform(0.5, 1.0))  # noqa: S311  # jitter
                back_off = min(back_off * 2, LONGEST_BACK_OFF_S)
                continue
            except Exception:  # the keeper is an edge: whatever it is, keep at it
                log.exception("bus.failed")
                await asyncio.sleep(LONGEST_BACK_OFF_S)
                continue
            back_off = FIRST_BACK_OFF_S
            self._stands.set()
            log.info("bus.stands", connection=self._name)
            await self._link.watch()
            log.warning("bus.lost", connection=self._name)
            self._retire(self._link)

    def _retire(self, link: _Link) -> None:
        self._link = None
        closing = asyncio.create_task(link.close(), name="bus-close")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)


def _encode(message: Command[Any] | Query[Any]) -> bytes:
    """Fields that nobody set stay away, so that the service sees what the caller really sent."""
    return message.model_dump_json(by_alias=True, exclude_unset=True).encode()
