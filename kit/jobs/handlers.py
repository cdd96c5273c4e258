"""What a service with jobs answers about them; each such service includes these handlers."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import JsonValue

from contracts.envelope import Actor, Command, Query, Verdict
from contracts.jobs import CancelJob, GetJob, JobMessages, JobView, ReadJobReport
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.jobs.model import Job
from kit.jobs.store import Jobs, job_view
from kit.jobs.worker import Work, work_on
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored

C = TypeVar("C")
_EVERY_S = 0.5
_SHARE = 0.6


def job_handlers(
    service: str,
    messages: JobMessages,
    *,
    jobs: Callable[[C], Jobs],
    works: Mapping[str, Work[C]],
    sees: Callable[[Actor, Job], bool],
) -> Handlers[C]:
    """Reading, cancelling and working on the jobs of a service; ``sees`` is its access rule."""
    handlers: Handlers[C] = Handlers()

    async def visible(actor: Actor, context: C, id_: str) -> Stored[Job]:
        stored = await jobs(context).get(id_)
        if stored is None or not sees(actor, stored.state):
            raise Refusal("not_found")
        return stored

    @handlers.answers(messages.get)
    async def get_job(query: Query[GetJob], context: C) -> JobView:
        """How far the job has come."""
        return job_view(await visible(query.actor, context, query.body.job))

    @handlers.answers(messages.report)
    async def read_job_report(
        query: Query[ReadJobReport], context: C
    ) -> Page[dict[str, JsonValue]]:
        """What the job wrote down."""
        await visible(query.actor, context, query.body.job)
        return await jobs(context).report(query.body.job, query.body.paging)

    @handlers.handles(messages.cancel)
    async def cancel_job(command: Command[CancelJob], context: C) -> Verdict:
        """Stop the job after its present portion."""
        await visible(command.actor, context, command.body.job)
        return await jobs(context).cancel(command, command.body.job)

    @handlers.every(_EVERY_S, f"{service}.work_on_jobs", share=_SHARE, alone=False)
    async def work_on_jobs(context: C) -> None:
        """Carry out portions of the jobs that wait; each job has a lease of its own."""
        await work_on(jobs(context), works, context)

    return handlers
