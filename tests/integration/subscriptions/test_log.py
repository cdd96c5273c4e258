"""The log on the real database: no gaps, nothing twice, whoever writes and whoever dies."""

import asyncio
import os
import signal
import sys

import pytest

from deploy.local.settings import CHECKOUT
from services.subscriptions.access import types_for
from services.subscriptions.log.messages import entry_of
from services.subscriptions.log.model import SEGMENT, Filter
from tests.integration.subscriptions.builders import a_persons_day, counts_of

EVERYTHING = Filter("internal", types_for("internal"))
PUBLIC = Filter("public", types_for("public"))


async def read_all(log, wanted, *, limit=50):
    """Every event for a reader, page by page, with the positions it has seen."""
    position, found = 0, []
    while True:
        reading = await log.read(position, wanted, limit)
        assert len(reading.found) <= limit
        found += reading.found
        if reading.position == position:
            return found
        position = reading.position


async def segments_of(log):
    return sorted(await log._segments.find({}), key=lambda segment: segment["_id"])


def assert_gapless(segments):
    expected = 1
    for segment in segments:
        assert segment["_id"] == expected
        assert segment["last"] == segment["_id"] + len(segment["entries"]) - 1
        expected = segment["last"] + 1


async def test_events_get_positions_in_the_order_of_the_log(make_log):
    log = await make_log()
    entries = [entry_of(a_persons_day()) for _ in range(3 * SEGMENT + 7)]

    added = await asyncio.gather(*(log.append(entry) for entry in entries))

    found = await read_all(await make_log(), EVERYTHING)
    assert all(added)
    assert [placed.position for placed in found] == list(range(1, len(entries) + 1))
    assert {placed.id for placed in found} == {entry.id for entry in entries}


async def test_a_redelivered_event_is_one_entry(make_log):
    log = await make_log()
    entries = [entry_of(a_persons_day()) for _ in range(30)]
    await asyncio.gather(*(log.append(entry) for entry in entries[:20]))

    added = await asyncio.gather(*(log.append(entry) for entry in [*entries, *entries]))

    assert sum(added) == 10
    assert len(await read_all(await make_log(), EVERYTHING)) == 30


async def test_two_replicas_leave_no_gap_and_nothing_twice(make_log):
    replicas = [await make_log(), await make_log()]
    entries = [entry_of(a_persons_day()) for _ in range(600)]

    added = await asyncio.gather(
        *(replicas[number % 2].append(entry) for number, entry in enumerate(entries)),
        *(replicas[(number + 1) % 2].append(entry) for number, entry in enumerate(entries)),
    )

    segments = await segments_of(replicas[0])
    ids = [entry["id"] for segment in segments for entry in segment["entries"]]
    assert_gapless(segments)
    assert sum(added) == len(entries)
    assert sorted(ids) == sorted(entry.id for entry in entries)


async def test_a_reader_never_sees_a_later_position_before_an_earlier_one(make_log):
    writers, reader = [await make_log(), await make_log()], await make_log()
    done = asyncio.Event()
    seen: list[int] = []

    async def follow():
        position = 0
        while not (done.is_set() and position >= 400):
            reading = await reader.read(position, EVERYTHING, 25)
            seen.extend(placed.position for placed in reading.found)
            position = reading.position

    following = asyncio.create_task(follow())
    await asyncio.gather(*(writers[n % 2].append(entry_of(a_persons_day())) for n in range(400)))
    done.set()
    async with asyncio.timeout(20):
        await following

    assert seen == list(range(1, 401))


@pytest.mark.slow
async def test_killed_writers_lose_nothing_and_leave_no_gap(make_log, servers):
    log = await make_log()
    environment = os.environ | servers.environment("subscriptions")
    environment["SAMBATAN_SUBSCRIPTIONS_MONGODB_DATABASE"] = log.settings.mongodb_database
    acknowledged: list[str] = []

    for killed_after_s in (1.0, 0.7):
        writers = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.integration.subscriptions.append_for_ever",
                env=environment,
                cwd=CHECKOUT,
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(2)
        ]
        first = [(await writer.stdout.readline()).decode().strip() for writer in writers]
        await asyncio.sleep(killed_after_s)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            lines = (await writer.stdout.read()).decode()
            acknowledged += lines.rpartition("\n")[0].split()
            await writer.wait()
        acknowledged += first

    segments = await segments_of(log)
    ids = [entry["id"] for segment in segments for entry in segment["entries"]]
    assert_gapless(segments)
    assert len(acknowledged) > 100
    assert len(ids) == len(set(ids))
    assert set(acknowledged) <= set(ids)


async def test_a_filtered_reader_passes_over_what_is_not_for_it(make_log):
    log = await make_log()
    public = [entry_of(counts_of()) for _ in range(3)]
    for entry in public:
        await asyncio.gather(*(log.append(entry_of(a_persons_day())) for _ in range(260)))
        await log.append(entry)
    await asyncio.gather(*(log.append(entry_of(a_persons_day())) for _ in range(260)))

    reading = await log.read(0, PUBLIC, 50)

    assert [placed.id for placed in reading.found] == [entry.id for entry in public]
    assert reading.position == 4 * 260 + 3
    assert "siti" not in "".join(placed.text for placed in reading.found)


@pytest.mark.parametrize("limit", [3, 49, 100, 200])
async def test_pages_of_any_size_give_everything_once(make_log, limit):
    log = await make_log()
    entries = [entry_of(counts_of() if n % 3 else a_persons_day()) for n in range(230)]
    for batch in (entries[:1], entries[1:70], entries[70:]):
        await asyncio.gather(*(log.append(entry) for entry in batch))

    for wanted, expected in ((EVERYTHING, 230), (PUBLIC, 153)):
        positions = [placed.position for placed in await read_all(log, wanted, limit=limit)]
        assert positions == sorted(set(positions))
        assert len(positions) == expected


async def test_an_empty_log_has_an_end(make_log):
    log = await make_log()

    assert await log.tail() == 0
    assert (await log.read(0, EVERYTHING, 50)).found == ()


async def test_all_replicas_sign_with_the_same_key(make_log):
    keys = await asyncio.gather(*[(await make_log()).key() for _ in range(3)])

    assert len(set(keys)) == 1
