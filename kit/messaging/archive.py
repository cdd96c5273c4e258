"""Reading again: a reader of events whose own records were lost is given the archived ones anew.

They go into the reader's queue and so through everything that guards it (retries, dead letters,
idempotence): what it still has stays, what it misses comes back. The archive is a stream and keeps
what it is read for.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any, cast

import aio_pika
from aio_pika import IncomingMessage
from aio_pika.abc import AbstractChannel, AbstractConnection

from contracts import catalogue
from kit.ids import new_id
from kit.messaging.link import Link, with_heartbeat
from kit.messaging.retry import copied_properties
from kit.messaging.topology import ARCHIVE

_AT_ONCE = 200
_MOST_WAITING = 5_000
"""No more is put into the queue while so much waits there."""
_SAY_EVERY = 10_000
_END = "archive.end"


def add_arguments(parser: argparse.ArgumentParser, service: str) -> None:
    """The operator's command line: which reader, and from when on."""
    readers = [one.queue for one in catalogue.READERS if one.service == service]
    parser.add_argument("queue", choices=readers, help="the reader's queue")
    parser.add_argument(
        "--since", type=_moment, help="only what was archived from this moment on (with offset)"
    )


async def run(url: str, arguments: argparse.Namespace) -> int:
    """Carry out the operator's command; returns the exit code."""
    count = await read_again(url, arguments.queue, since=arguments.since, say=print)
    print(f"{arguments.queue}: {count} events given again")
    return 0


async def read_again(
    url: str,
    queue: str,
    *,
    since: datetime | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> int:
    """Put the archived events that a queue is bound to into it once more; how many there were.

    What is archived while this runs reaches the reader by itself.
    """
    types = next(one.types for one in catalogue.READERS if one.queue == queue)
    link = Link(url, "archive")
    await link.start()
    await link.wait_up()
    connection = await aio_pika.connect(with_heartbeat(url), timeout=10)
    try:
        given = 0
        async for batch in _batches(connection, link, since):
            wanted = [one for one in batch if _is_for(one, types)]
            channel = await connection.channel()
            await _room_in(channel, queue)
            await channel.close()
            await asyncio.gather(
                *(link.publish("", queue, one.body, copied_properties(one, 0)) for one in wanted)
            )
            if (given + len(wanted)) // _SAY_EVERY > given // _SAY_EVERY:
                say(f"{queue}: {given + len(wanted)} …")
            given += len(wanted)
        return given
    finally:
        await connection.close()
        await link.stop()


def _is_for(message: IncomingMessage, types: Sequence[str]) -> bool:
    return message.type != _END and ("#" in types or message.type in types)


async def _batches(
    connection: AbstractConnection, link: Link, since: datetime | None
) -> AsyncIterator[list[IncomingMessage]]:
    """What the archive has, a batch at a time, up to a mark put behind it when reading began."""
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=_AT_ONCE)
    stream = await channel.get_queue(ARCHIVE, ensure=False)
    arrived: asyncio.Queue[IncomingMessage | None] = asyncio.Queue()
    connection.close_callbacks.add(lambda *_: arrived.put_nowait(None))
    offset: dict[str, Any] = {"x-stream-offset": since if since is not None else "first"}
    await stream.consume(cast("Any", arrived.put), arguments=offset)
    end = new_id()
    await link.publish("", ARCHIVE, b"", {"message_type": _END, "message_id": end})
    while True:
        taken = [await arrived.get()]
        while not arrived.empty() and len(taken) < _AT_ONCE:
            taken.append(arrived.get_nowait())
        batch = [one for one in taken if one is not None]
        if len(batch) < len(taken):
            raise ConnectionError("the broker has gone; reading again from the start is safe")
        ended = any(one.message_id == end for one in batch)
        yield batch
        for one in batch:
            await one.ack()
        if ended:
            return


async def _room_in(channel: AbstractChannel, queue: str) -> None:
    while True:
        state = await channel.declare_queue(queue, passive=True)
        if (state.declaration_result.message_count or 0) < _MOST_WAITING:
            return
        await asyncio.sleep(0.2)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("say the offset too, as in 2026-11-01T00:00+07:00")
    return moment
