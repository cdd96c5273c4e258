"""The worker: one portion of every job that waits, again and again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from kit.errors import Transient
from kit.jobs.model import Job, Portion
from kit.jobs.store import Jobs
from kit.logging import get_logger
from kit.storage.aggregates import Stored

C = TypeVar("C")
Work = Callable[[C, Stored[Job]], Awaitable[Portion]]
"""Carries out the portion at the job's cursor; must bear being repeated from there."""

AT_ONCE = 8
log = get_logger(__name__)


async def work_on(jobs: Jobs, works: Mapping[str, Work[C]], context: C) -> int:
    """Carry out one portion of each job whose lease is ours; returns how many portions ended.

    Jobs take turns, so that a long one never keeps a short one waiting. A portion must end well
    within the term of a lease (``kit/leases.py``); a worker that was slower is not counted.
    """
    ended = 0
    for stored in await jobs.active(AT_ONCE):
        work = works.get(stored.state.kind)
        if work is None or not await jobs.leases.take(f"job:{stored.id}"):
            continue  # a newer replica's kind, or another one's turn
        fresh = await jobs.get(stored.id)
        if fresh is not None and not fresh.state.has_ended:
            ended += await _portion(jobs, work, context, fresh)
    return ended


async def _portion(jobs: Jobs, work: Work[C], context: C, stored: Stored[Job]) -> int:
    try:
        portion = await work(context, stored)
    except Transient:
        raise
    except Exception as error:  # a job that fails says so, after a few attempts
        log.error("job.portion_failed", job=stored.id, kind=stored.state.kind, exc_info=error)
        await jobs.fail(stored)
        return 0
    await jobs.advance(stored, portion)
    return 1
