"""The embedded database as its own process starts it: what was made cheaper, and its promises."""

import asyncio
import contextlib
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo import AsyncMongoClient, InsertOne, MongoClient, ReplaceOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from deploy.local import database, ports
from tests.waiting import eventually

JOURNALED = WriteConcern(w=1, j=True)
Start = Callable[[], subprocess.Popen[bytes]]


def _replacement(document: dict[str, Any]) -> ReplaceOne[dict[str, Any]]:
    return ReplaceOne({"_id": document["_id"]}, document, upsert=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded")


@pytest.fixture(scope="module")
def port() -> int:
    return ports.choose(["mongodb"], {})["mongodb"]


@pytest.fixture(scope="module")
def start(home: Path, port: int) -> Iterator[Start]:
    """Starts the process on the same store; what is left is killed at the end."""
    begun: list[subprocess.Popen[bytes]] = []
    (home / "database.toml").touch()

    def spawn() -> subprocess.Popen[bytes]:
        command = (sys.executable, str(database.SERVER), "--config", str(home / "database.toml"))
        where = ("--host", "127.0.0.1", "--port", str(port), "--storage-path", str(home / "store"))
        begun.append(subprocess.Popen((*command, *where, "--standalone"), cwd=home))
        return begun[-1]

    yield spawn
    for process in begun:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
async def process(start: Start, port: int) -> subprocess.Popen[bytes]:
    found = start()
    await eventually(lambda: ports.answers(port), within_s=30)
    return found


@pytest.fixture(scope="module")
async def client(process: Any, port: int) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient(f"mongodb://127.0.0.1:{port}/") as one:
        yield one


async def test_an_index_made_between_writes_holds_for_the_next_and_not_after_its_end(client):
    first, second = client.probe.things, client.probe.get_collection("things")
    await first.insert_one({"_id": 1, "name": "a"})
    await second.create_index("name", unique=True, name="by_name")

    with pytest.raises(DuplicateKeyError):
        await first.insert_one({"_id": 2, "name": "a"})

    assert await first.find_one({"name": "a"}) == {"_id": 1, "name": "a"}
    await second.drop_index("by_name")
    await first.insert_one({"_id": 2, "name": "a"})
    assert await first.count_documents({"name": "a"}) == 2
    await second.create_index("name", name="by_name")
    await first.update_one({"_id": 2}, {"$set": {"name": "b"}})
    assert [found["_id"] async for found in first.find({"name": "b"})] == [2]
    assert [found["_id"] async for found in first.find({"name": "a"})] == [1]


async def test_the_first_array_in_an_indexed_field_is_found_by_its_elements(client):
    many = client.probe.many
    await many.create_index("tags")
    await many.insert_many([{"_id": 1, "tags": "a"}, {"_id": 2, "tags": ["b", "c"]}])

    await many.insert_many([{"_id": 3, "tags": ["c", "a"]}, {"_id": 4, "tags": "c"}])

    assert {found["_id"] async for found in many.find({"tags": "c"})} == {2, 3, 4}
    assert {found["_id"] async for found in many.find({"tags": "a"})} == {1, 3}


async def test_uniqueness_holds_within_a_batch_and_after_a_change(client):
    posts = client.probe.posts
    await posts.create_index("seat", unique=True, partialFilterExpression={"open": True})

    with pytest.raises(BulkWriteError) as refused:
        await posts.insert_many(
            [{"_id": n, "seat": n % 2, "open": True} for n in range(4)], ordered=False
        )
    await posts.update_one({"_id": 0}, {"$set": {"open": False}})
    await posts.insert_one({"_id": 4, "seat": 0, "open": True})

    assert [error["index"] for error in refused.value.details["writeErrors"]] == [2, 3]
    with pytest.raises(DuplicateKeyError):
        await posts.update_one({"_id": 0}, {"$set": {"open": True}})


async def test_a_collection_dropped_and_made_again_forgets_its_indexes(client):
    await client.probe.again.create_index("name", unique=True)
    await client.probe.again.insert_one({"_id": 1, "name": "a"})

    await client.probe.drop_collection("again")
    await client.probe.again.insert_many([{"_id": 1, "name": "a"}, {"_id": 2, "name": "a"}])

    assert list(await client.probe.again.index_information()) == ["_id_"]


TEXTS = ["", "a", "a\0", "a\0b", "a:1", "aa", "b", "é", "Z", "z", "\U0001f600", "a" * 300]


@pytest.mark.parametrize("lower", [None, "$gt", "$gte"])
@pytest.mark.parametrize("upper", [None, "$lt", "$lte"])
async def test_a_span_of_keys_is_what_comparing_each_key_gives(client, lower, upper):
    spans = client.probe.get_collection(f"spans_{lower}_{upper}".replace("$", ""))
    others = [0, 1.5, ObjectId(), b"a", {"a": 1}]
    await spans.insert_many([{"_id": key, "even": n % 2} for n, key in enumerate(TEXTS + others)])
    compare = {"$gt": gt, "$gte": ge, "$lt": lt, "$lte": le}

    for low, high in itertools.product(TEXTS, repeat=2):
        asked = [(kind, bound) for kind, bound in ((lower, low), (upper, high)) if kind]
        if not asked:
            continue
        query = {"_id": dict(asked)}
        wanted = sorted(
            (key for key in TEXTS if all(compare[kind](key, bound) for kind, bound in asked)),
            key=str.encode,
        )
        found = [one["_id"] async for one in spans.find(query).sort("_id", 1)]
        even = [one["_id"] async for one in spans.find(query | {"even": 0}).sort("_id", 1)]
        assert found == wanted, query
        assert even == [key for key in wanted if TEXTS.index(key) % 2 == 0], query


async def test_only_a_span_of_keys_is_deleted_and_counted(client):
    kept = client.probe.kept_spans
    await kept.insert_many([{"_id": f"2026-11-{day:02d}"} for day in range(1, 31)])

    assert await kept.count_documents({"_id": {"$gte": "2026-11-10", "$lt": "2026-11-20"}}) == 10
    assert (await kept.delete_many({"_id": {"$lt": "2026-11-11"}})).deleted_count == 10
    assert await kept.count_documents({}) == 20
    assert await kept.count_documents({"_id": {"$gt": "2027"}}) == 0


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("write", [InsertOne, _replacement])
async def test_a_journaled_write_is_in_the_log_before_it_is_answered(client, home, write, size):
    journaled = client.probe.get_collection("journaled", write_concern=JOURNALED)

    for turn in range(10):
        marks = [f"{write.__name__} {size} {turn} {place} is there" for place in range(size)]
        await journaled.bulk_write([write({"_id": mark}) for mark in marks], ordered=False)

        logs = [log.read_bytes() for log in (home / "store").glob("WiredTigerLog.*")]
        assert all(any(mark.encode() in log for log in logs) for mark in marks), marks


async def test_no_answered_write_is_lost_when_the_process_is_killed(client, process, start, port):
    answered: list[int] = []
    writers = [asyncio.create_task(_write(port, n, answered)) for n in range(6)]
    await eventually(lambda: len(answered) > 300, within_s=60)

    process.kill()
    await asyncio.gather(*writers)
    process.wait()
    start()
    await eventually(lambda: ports.answers(port), within_s=30)

    with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{port}/") as again:
        kept = {one["_id"] for one in again.probe.kept.find({}, {"_id": 1})}
        beside = again.probe.beside.count_documents({})
    assert not set(answered) - kept
    assert beside >= len(answered)


async def _write(port: int, writer: int, answered: list[int]) -> None:
    """Pairs of writes, of which the second is journaled and stands for both, until none goes."""
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false&serverSelectionTimeoutMS=1000"
    async with AsyncMongoClient[dict[str, Any]](url) as client:
        kept = client.probe.get_collection("kept", write_concern=JOURNALED)
        with contextlib.suppress(PyMongoError):
            for turn in range(10_000):
                number = turn * 100 + writer
                await client.probe.beside.insert_one({"_id": number})
                await kept.insert_one({"_id": number, "filling": "x" * 500})
                answered.append(number)
