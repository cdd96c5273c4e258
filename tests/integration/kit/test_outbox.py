"""Nothing that was written stays unpublished: notes lead back to it, whatever died in between."""

import asyncio
import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import aio_pika
import pytest

from contracts.attendance import AgencyDayCounted
from contracts.envelope import Actor, AgencyCode
from contracts.outcome import Decision
from kit.clock import now
from kit.errors import Transient
from kit.ids import new_id
from kit.messaging import relay as relays
from kit.messaging.link import Link
from kit.storage import outbox as outboxes
from kit.storage.aggregates import Aggregates, Cause
from tests.integration.kit.conftest import virtual_host
from tests.waiting import eventually

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Count:
    """A state whose every change is an event."""

    count: int = 0


def a_cause():
    id_ = new_id()
    return Cause(id_, id_, Actor(account="tester"), now())


def one_more(count):
    grown = Count((count or Count()).count + 1)
    told = AgencyDayCounted(
        agency=AgencyCode("BKPSDM"), date=date(2026, 11, 24), people=grown.count, counts={}
    )
    return Decision(grown, (told,))


@pytest.fixture(scope="module")
async def broker(servers):
    """A virtual host of this module, with the whole topology."""
    async with virtual_host(servers, "outbox") as url:
        yield url


@pytest.fixture
async def link(broker):
    """Publishing for one process."""
    made = Link(broker, "test")
    await made.start()
    await made.wait_up()
    yield made
    await made.stop()


@pytest.fixture
async def open_counts(open_store, link):
    """Opens a replica on this test's database: its store and counts, with a link or without."""
    database = f"outbox_{next(_numbers)}"

    async def open_one(*, connected=True):
        store = open_store(name=database)
        counts = Aggregates(store, "counts", Count)
        await store.migrate()
        store.relay.link = link if connected else None
        return store, counts

    return open_one


@pytest.fixture
async def received(broker):
    """The headers of the events that the log's queue has received, for one subject."""
    connection = await aio_pika.connect(broker)
    channel = await connection.channel()
    queue = await channel.get_queue("subscriptions.log.on-events", ensure=False)
    seen = []

    async def of(subject):
        while message := await queue.get(fail=False, no_ack=True):
            seen.append(message.headers)
        return [headers for headers in seen if headers["x-subject"] == subject]

    yield of
    await connection.close()


@pytest.fixture
def published(received):
    """The sequences of those events."""

    async def of(subject):
        return [headers["x-sequence"] for headers in await received(subject)]

    return of


async def one_more_surely(counts, id_):
    """As the service does: a change that met others too often is tried again."""
    cause = a_cause()
    while True:
        try:
            return await counts.change(id_, one_more, cause)
        except Transient:
            await asyncio.sleep(0.05)


async def notes_of(store, id_):
    found = await store.collection("outbox").find({})
    return [note for note in found if any(write[0] == id_ for write in note["writes"])]


async def older(store, id_, age):
    """The notes of a document were made some time ago."""
    for note in await notes_of(store, id_):
        await store.collection("outbox").update_one(
            {"_id": note["_id"]}, {"$set": {"at": now() - age}}
        )


async def test_what_could_not_be_published_stays_in_order_in_its_document(open_counts):
    store, counts = await open_counts(connected=False)
    id_ = new_id()
    for _ in range(3):
        await counts.change(id_, one_more, a_cause())

    document = await counts.collection.find_one({"_id": id_})

    assert [entry["sequence"] for entry in document["outbox"]] == [1, 2, 3]
    assert len({entry["id"] for entry in document["outbox"]}) == 3
    standing = {note["_id"] for note in await notes_of(store, id_)}
    assert {entry["note"] for entry in document["outbox"]} == standing


async def test_the_sweep_of_another_process_publishes_it_and_forgets(open_counts, published):
    dead, counts = await open_counts(connected=False)
    living, _ = await open_counts()
    id_ = new_id()
    for _ in range(3):
        await counts.change(id_, one_more, a_cause())
    assert await living.relay.sweep() == 0  # somebody may be at it
    await older(dead, id_, relays.SWEEP_AFTER * 2)

    assert await living.relay.sweep() == 3

    assert await published(id_) == [1, 2, 3]
    assert await notes_of(living, id_) == []
    assert await living.relay.sweep() == 0


async def test_what_is_published_leaves_the_document_with_its_next_write(open_counts):
    store, counts = await open_counts()
    working = asyncio.create_task(store.relay.run())
    id_ = new_id()
    await counts.change(id_, one_more, a_cause())
    await eventually(lambda: _gone(store, id_))
    working.cancel()

    await counts.change(id_, one_more, a_cause())
    other, elsewhere = await open_counts(connected=False)
    await elsewhere.change(id_, one_more, a_cause())

    document = await counts.collection.find_one({"_id": id_})
    assert [entry["sequence"] for entry in document["outbox"]] == [2, 3]
    assert len(await notes_of(other, id_)) == 2


async def _gone(store, id_):
    return not await notes_of(store, id_)


async def test_nothing_is_lost_while_replicas_write_and_publish(open_counts, published):
    id_ = new_id()
    replicas = [await open_counts() for _ in range(3)]
    working = [asyncio.create_task(store.relay.run()) for store, _ in replicas]

    await asyncio.gather(*(one_more_surely(replicas[n % 3][1], id_) for n in range(24)))
    await eventually(lambda: _gone(replicas[0][0], id_), within_s=10)

    for task in working:
        task.cancel()
    assert sorted(set(await published(id_))) == list(range(1, 25))


async def test_a_note_whose_write_is_still_to_come_stays(open_counts, published):
    store, counts = await open_counts()
    id_ = new_id()
    await store.outbox.note("counts", [(id_, 1)])
    await older(store, id_, relays.SWEEP_AFTER * 2)

    await store.relay.sweep()

    assert len(await notes_of(store, id_)) == 1
    await counts.change(id_, one_more, a_cause())
    await older(store, id_, relays.SWEEP_AFTER * 2)
    store.relay._in_hand.clear()  # as after a crash
    await store.relay.sweep()
    assert await published(id_) == [1]
    assert await notes_of(store, id_) == []


async def test_a_note_of_a_write_that_never_came_is_forgotten_in_the_end(open_counts):
    store, _ = await open_counts()
    id_ = new_id()
    await store.outbox.note("counts", [(id_, 1)])
    await older(store, id_, outboxes._SURELY_OVER + timedelta(minutes=1))

    await store.relay.sweep()

    assert await notes_of(store, id_) == []


async def test_followers_take_an_event_before_its_note_is_forgotten(open_counts):
    store, counts = await open_counts()
    taken = []

    async def take(events):
        taken.extend((event.subject, event.agency) for event in events)
        assert await notes_of(store, id_)

    store.relay.follow(AgencyDayCounted.type, take)
    id_ = new_id()
    await counts.change(id_, one_more, a_cause())
    working = asyncio.create_task(store.relay.run())

    await eventually(lambda: _gone(store, id_))

    working.cancel()
    assert taken == [(id_, "BKPSDM")]


_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_an_event_carries_the_trace_of_its_command(open_counts, received):
    dead, unpublished = await open_counts(connected=False)
    living, counts = await open_counts()
    working = asyncio.create_task(living.relay.run())
    swept, at_once = new_id(), new_id()

    await unpublished.change(swept, one_more, replace(a_cause(), traceparent=_TRACE))
    await older(dead, swept, relays.SWEEP_AFTER * 2)
    await living.relay.sweep()
    await counts.change(at_once, one_more, replace(a_cause(), traceparent=_TRACE))

    for id_ in (swept, at_once):
        (headers,) = await eventually(partial(received, id_))
        assert headers["traceparent"] == _TRACE
    working.cancel()
