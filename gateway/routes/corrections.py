"""Corrections of days over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts import corrections as asked
from contracts.paging import Page
from contracts.requests import NoteOf
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import Id, decide, for_whom, people

router = APIRouter(tags=["corrections"])

_DECIDED = answers(
    asked.CorrectionView, "already_decided", "wrong_state", "version_conflict", "reason_required"
)


@router.post(
    "/v1/corrections",
    status_code=201,
    summary="Ask for a correction",
    responses=answers(asked.CorrectionView, "unknown_employee", status=201),
)
async def request_correction(call: Call, body: asked.CorrectionWanted) -> Response:
    """The moments that are to count; the recorded punches stay and are shown."""
    said = body.model_dump(exclude={"employee_id"})
    command = asked.RequestCorrection(employee_id=for_whom(call, body.employee_id), **said)
    return await call.command(command, location="/v1/corrections/{id}")


@router.get(
    "/v1/corrections", summary="List corrections", responses=answers(Page[asked.CorrectionView])
)
async def list_corrections(
    call: Call, wanted: Annotated[asked.ListCorrections, Query()]
) -> Response:
    """Your own, and those of the people you decide about."""
    who = people(call, wanted.employee_id)
    return await call.query(wanted.model_copy(update={"employee_id": who}))


@router.get(
    "/v1/corrections/{id}", summary="Show a correction", responses=answers(asked.CorrectionView)
)
async def get_correction(call: Call, id_: Id) -> Response:
    """One correction with its history and what you may do with it now."""
    return await call.query(asked.GetCorrection(id=id_))


@router.post("/v1/corrections/{id}/approve", summary="Approve a correction", responses=_DECIDED)
async def approve_correction(call: Call, id_: Id, body: NoteOf) -> Response:
    """Approve; the stated moments count."""
    return await decide(call, asked.ApproveCorrection, id_, body)


@router.post("/v1/corrections/{id}/reject", summary="Reject a correction", responses=_DECIDED)
async def reject_correction(call: Call, id_: Id, body: NoteOf) -> Response:
    """Reject with a reason."""
    return await decide(call, asked.RejectCorrection, id_, body)


@router.post("/v1/corrections/{id}/withdraw", summary="Withdraw a correction", responses=_DECIDED)
async def withdraw_correction(call: Call, id_: Id, body: NoteOf) -> Response:
    """Take it back; what was recorded counts again."""
    return await decide(call, asked.WithdrawCorrection, id_, body)
