"""Projections, ledgers, marks, leases and batches, on the real database."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import pytest

from kit.clock import now
from kit.ids import new_id
from kit.leases import Leases
from kit.storage.batches import Coalescer, Commits
from kit.storage.ledger import Ledger, Marks
from kit.storage.projections import Cached, Projections
from tests.waiting import eventually


async def test_a_projection_keeps_the_newest_in_whatever_order_they_come(open_store):
    projections = Projections(open_store(), "projections")
    key = new_id()
    orders = [*range(1, 30), *range(1, 30)]
    random.Random(7).shuffle(orders)

    await asyncio.gather(*(projections.put(key, order, {"value": order}) for order in orders))

    assert (await projections.get(key))["value"] == 29


async def test_a_projection_says_whether_something_was_news(open_store):
    projections = Projections(open_store(), "projections")
    key = new_id()

    assert await projections.put(key, 2, {}) is True
    assert await projections.put(key, 2, {}) is False
    assert await projections.put(key, 1, {}) is False
    assert await projections.put(key, 3, {}) is True


async def test_a_cached_projection_is_read_before_its_first_use_and_when_refreshed(open_store):
    store = open_store()
    projections = Projections(store, "cached")
    cached = Cached(store, projections)
    first, second = new_id(), new_id()
    await projections.put(first, 1, {})

    assert first in await cached.all()
    await projections.put(second, 1, {})
    assert second not in await cached.all()
    for refresh in store.kept_fresh:
        await refresh()
    assert {first, second} <= (await cached.all()).keys()


async def test_a_ledger_takes_each_fact_once(open_store):
    ledger = Ledger(open_store(), "facts")
    ids = [new_id() for _ in range(50)]

    taken = await asyncio.gather(*(ledger.append(id_, {"n": 1}) for id_ in [*ids, *ids]))

    assert sum(taken) == 50
    assert len(await ledger.find({"_id": {"$in": ids}})) == 50


async def test_a_mark_made_while_computing_stays(open_store):
    marks = Marks(open_store(), f"marks_{new_id()[-12:]}")
    await marks.add("ani|2026-11", "budi|2026-11")

    keys, ids = await marks.take()
    await marks.add("ani|2026-11")
    await marks.done(ids)

    assert keys == {"ani|2026-11", "budi|2026-11"}
    assert (await marks.take())[0] == {"ani|2026-11"}


async def test_what_many_marks_share_waits_until_no_more_come(open_store):
    marks = Marks(open_store(), f"marks_{new_id()[-12:]}")
    await marks.add("dinkes|2026-11-24")

    assert await marks.take_when_quiet() == (set(), [])

    async def taken():
        return (await marks.take_when_quiet())[0]

    assert await eventually(taken) == {"dinkes|2026-11-24"}


async def test_what_many_marks_share_is_taken_after_a_while_though_more_come(open_store):
    collection = f"marks_{new_id()[-12:]}"
    store = open_store()
    marks, moment = Marks(store, collection), now()
    for seconds_ago, key in ((11, "first"), (0, "last")):
        made = int((moment - timedelta(seconds=seconds_ago)).timestamp() * 1_000)
        id_ = str(UUID(int=made << 80))
        await store.collection(collection).insert_one({"_id": id_, "keys": [key]})

    assert (await marks.take_when_quiet())[0] == {"first", "last"}


async def test_a_lease_has_one_holder_and_passes_on_when_released(open_store):
    one, other = open_store().leases, open_store().leases
    name = new_id()

    assert await one.take(name)
    assert not await other.take(name)
    assert await one.take(name)
    await one.release_all()
    assert await other.take(name)


async def test_a_lease_that_has_run_out_is_free(open_store):
    store = open_store()
    collection = store.collection("leases")
    name = new_id()
    dead = {"_id": name, "holder": "gone", "until": now() - timedelta(seconds=1)}
    await collection.insert_one(dead)

    assert await Leases(collection).take(name)


async def test_a_batch_tells_each_caller_its_own_outcome(open_store):
    store = open_store()
    commits = Commits(store.database, store.collection(f"batch_{new_id()[:8]}"))

    outcomes = await asyncio.gather(*(commits.insert({"_id": n % 5}) for n in range(20)))

    assert sum(outcomes) == 5


async def test_callers_of_a_failing_batch_all_hear_of_it():
    async def fail(_):
        raise ValueError("no")

    coalescer = Coalescer(fail)

    results = await asyncio.gather(*(coalescer(n) for n in range(5)), return_exceptions=True)

    assert all(isinstance(result, ValueError) for result in results)


async def test_callers_go_together_while_a_batch_is_under_way():
    sizes = []

    async def run(items):
        sizes.append(len(items))
        await asyncio.sleep(0)
        return items

    coalescer = Coalescer(run, most=64)

    results = await asyncio.gather(*(coalescer(n) for n in range(200)))

    assert results == list(range(200))
    assert max(sizes) == 64
    assert sum(sizes) == 200


async def test_a_caller_who_gives_up_disturbs_nobody():
    gate = asyncio.Event()

    async def run(items):
        await gate.wait()
        return items

    coalescer = Coalescer(run)
    gone = asyncio.create_task(coalescer(1))
    stays = asyncio.create_task(coalescer(2))
    await asyncio.sleep(0)
    gone.cancel()
    gate.set()

    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await gone
