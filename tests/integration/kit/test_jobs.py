"""Jobs on the real database: their worker may be killed at any point, and another goes on."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta

import pytest

from contracts.envelope import Actor, Command
from contracts.jobs import CancelAttendanceJob
from contracts.paging import Paging
from deploy.local.settings import CHECKOUT
from kit.clock import now
from kit.ids import new_id
from kit.jobs.worker import work_on
from kit.leases import Leases
from tests.integration.kit.count_for_a_job import Context, Numbers, count_portion

UNTIL = 57


def a_command(id_=None):
    return Command[CancelAttendanceJob](
        id=id_ or new_id(),
        name=CancelAttendanceJob.name,
        body=CancelAttendanceJob(job="any"),
        body_hash="h",
        actor=Actor(account="admin"),
        received_at=now(),
        correlation_id="c",
    )


@pytest.fixture
async def worker(open_store):
    """A worker in this process."""
    store = open_store()
    context = Context(store)
    await store.migrate()
    return context


async def queue(worker, command=None):
    made = await worker.jobs.create(
        command or a_command(), "count", Numbers(until=UNTIL), about="numbers"
    )
    return json.loads(made.result)["id"]


async def finish(worker, id_, works=None):
    async with asyncio.timeout(30):
        while not (job := await worker.jobs.get(id_)).state.has_ended:
            await work_on(worker.jobs, works or {"count": count_portion}, worker)
    return job


async def test_a_job_is_made_once_and_carried_out(worker):
    command = a_command()

    ids = {await queue(worker, command) for _ in range(3)}
    job = await finish(worker, *ids)

    assert (job.state.state, job.state.done, job.state.total) == ("done", UNTIL, UNTIL)
    first = await worker.jobs.report(job.id, Paging(limit=50))
    second = await worker.jobs.report(job.id, Paging(limit=50, cursor=first.next_cursor))
    assert [row["n"] for row in (*first.items, *second.items)] == list(range(1, UNTIL + 1))


async def test_two_workers_share_jobs_and_count_nothing_twice(worker):
    other = Context(worker.store)
    other.jobs.leases = Leases(worker.store.collection("leases"))
    ids = [await queue(worker) for _ in range(3)]

    done = await asyncio.gather(*(finish(one, id_) for id_ in ids for one in (worker, other)))

    assert {job.state.done for job in done} == {UNTIL}
    assert {job.state.counts["n"] for job in done} == {UNTIL}


async def test_a_killed_worker_loses_nothing_and_another_goes_on_from_its_last_portion(
    worker, tmp_path
):
    id_ = await queue(worker)
    settings = tmp_path / "settings.json"
    told = worker.store.settings.model_dump(mode="json")
    secrets = ("rabbitmq_url", "mongodb_url")
    told |= {name: getattr(worker.store.settings, name).get_secret_value() for name in secrets}
    settings.write_text(json.dumps(told))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.kit.count_for_a_job",
        str(settings),
        "20",
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"in the middle\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()

    standing = await worker.jobs.get(id_)
    assert (standing.state.state, standing.state.done, standing.state.cursor) == (
        "running",
        20,
        "20",
    )
    assert await worker.jobs.reported(id_) == 30, "the portion in the middle was written ahead"
    assert await work_on(worker.jobs, {"count": count_portion}, worker) == 0, "the dead one's lease"
    ago = {"$set": {"until": now() - timedelta(seconds=1)}}
    await worker.store.collection("leases").update_one({"_id": f"job:{id_}"}, ago)
    job = await finish(worker, id_)

    assert (job.state.state, job.state.done, job.state.counts) == ("done", UNTIL, {"n": UNTIL})
    assert await worker.jobs.reported(id_) == UNTIL


async def test_a_cancelled_job_stops(worker):
    id_ = await queue(worker)
    await work_on(worker.jobs, {"count": count_portion}, worker)

    verdict = await worker.jobs.cancel(a_command(), id_)
    await work_on(worker.jobs, {"count": count_portion}, worker)

    assert json.loads(verdict.result)["state"] == "cancelled"
    assert (await worker.jobs.get(id_)).state.done == 10


async def test_a_portion_that_always_raises_fails_its_job_and_no_other(worker):
    async def break_down(_context, _stored):
        raise ValueError("a bug")

    async with asyncio.timeout(30):
        bad = await worker.jobs.create(a_command(), "break", Numbers(until=1), about="nothing")
        good = await queue(worker)
        works = {"count": count_portion, "break": break_down}
        failed = await finish(worker, json.loads(bad.result)["id"], works)

    assert failed.state.state == "failed"
    assert [problem.code for problem in failed.state.problems] == ["internal_error"]
    assert (await finish(worker, good, works)).state.state == "done"
