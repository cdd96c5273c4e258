"""Work elsewhere over HTTP: days outside the offices, within quotas, with a report."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts import work_elsewhere as asked
from contracts.paging import Page
from contracts.requests import NoteOf
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import Id, decide, for_whom, people

router = APIRouter(tags=["work elsewhere"])

_DECIDED = answers(
    asked.ElsewhereView, "already_decided", "wrong_state", "version_conflict", "reason_required"
)


@router.post(
    "/v1/work-elsewhere",
    status_code=201,
    summary="Ask to work elsewhere",
    responses=answers(
        asked.ElsewhereView, "overlaps", "quota_exceeded", "unknown_employee", status=201
    ),
)
async def request_elsewhere(call: Call, body: asked.ElsewhereWanted) -> Response:
    """Two days a week and half of an agency at a time, unless the policy says otherwise."""
    said = body.model_dump(exclude={"employee_id"})
    command = asked.RequestElsewhere(employee_id=for_whom(call, body.employee_id), **said)
    return await call.command(command, location="/v1/work-elsewhere/{id}")


@router.get(
    "/v1/work-elsewhere",
    summary="List days of work elsewhere",
    responses=answers(Page[asked.ElsewhereView]),
)
async def list_elsewhere(call: Call, wanted: Annotated[asked.ListElsewhere, Query()]) -> Response:
    """Your own, and those of the people you decide about."""
    who = people(call, wanted.employee_id)
    return await call.query(wanted.model_copy(update={"employee_id": who}))


@router.get(
    "/v1/work-elsewhere/{id}",
    summary="Show a day of work elsewhere",
    responses=answers(asked.ElsewhereView),
)
async def get_elsewhere(call: Call, id_: Id) -> Response:
    """One day with its history and what you may do with it now."""
    return await call.query(asked.GetElsewhere(id=id_))


@router.post(
    "/v1/work-elsewhere/{id}/approve", summary="Approve work elsewhere", responses=_DECIDED
)
async def approve_elsewhere(call: Call, id_: Id, body: NoteOf) -> Response:
    """Approve; the day is one of work elsewhere."""
    return await decide(call, asked.ApproveElsewhere, id_, body)


@router.post("/v1/work-elsewhere/{id}/reject", summary="Reject work elsewhere", responses=_DECIDED)
async def reject_elsewhere(call: Call, id_: Id, body: NoteOf) -> Response:
    """Reject with a reason."""
    return await decide(call, asked.RejectElsewhere, id_, body)


@router.post(
    "/v1/work-elsewhere/{id}/withdraw", summary="Withdraw work elsewhere", responses=_DECIDED
)
async def withdraw_elsewhere(call: Call, id_: Id, body: NoteOf) -> Response:
    """Take it back; the places are free again."""
    return await decide(call, asked.WithdrawElsewhere, id_, body)


@router.post(
    "/v1/work-elsewhere/{id}/report",
    summary="Report the output of a day of work elsewhere",
    responses=answers(asked.ElsewhereView, "wrong_state", "version_conflict"),
)
async def report_elsewhere(call: Call, id_: Id, body: asked.OutputReport) -> Response:
    """What came of the day, by the person whose day it was; due the day after."""
    command = asked.ReportElsewhere(
        id=id_, output=body.output, links=body.links, if_match=call.optional_if_match()
    )
    return await call.command(command)
