"""Jobs: how far long work has come, what it wrote down, and stopping it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import JsonValue
from starlette.responses import Response

from contracts.envelope import Answer
from contracts.jobs import JOBS, JobMessages, JobView
from contracts.outcome import Refusal
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call, CallContext
from gateway.problems import answers
from kit.messaging.client import Unavailable

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the job's id")]


@router.get("/{id}", summary="Show a job", responses=answers(JobView))
async def get_job(call: Call, id_: Id) -> Response:
    """How far it has come, what it could not do and, once it has ended, what came of it."""
    _, answer = await _find(call, id_)
    return call.tell(answer)


@router.get(
    "/{id}/report",
    summary="Read what a job wrote down",
    responses=answers(Page[dict[str, JsonValue]]),
)
async def read_job_report(
    call: Call,
    id_: Id,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Row by row, also while it runs: of a recomputation each changed day, before and after."""
    messages, _ = await _find(call, id_)
    return await call.query(messages.report(job=id_, paging=Paging(limit=limit, cursor=cursor)))


@router.post("/{id}/cancel", summary="Stop a job", responses=answers(JobView, "wrong_state"))
async def cancel_job(call: Call, id_: Id) -> Response:
    """It stops after its present portion; what is done stays done."""
    messages, _ = await _find(call, id_)
    return await call.command(messages.cancel(job=id_))


async def _find(call: CallContext, id_: str) -> tuple[JobMessages, Answer]:
    """The service that has the job, and what it says of it; every one with jobs is asked."""
    asked = await asyncio.gather(
        *(call.ask(messages.get(job=id_)) for messages in JOBS.values()), return_exceptions=True
    )
    for messages, answer in zip(JOBS.values(), asked, strict=True):
        if isinstance(answer, Answer) and answer.problem is None:
            return messages, answer
    for answer in asked:
        if isinstance(answer, BaseException):
            raise answer
        if answer.problem is not None and answer.problem.code != "not_found":
            raise Unavailable("a service with jobs could not say")
    raise Refusal("not_found")
