"""General acts over HTTP: one decision for many people, undone as one."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts import general_acts as asked
from contracts.paging import Page
from contracts.requests import NoteOf
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import Id, decide

router = APIRouter(prefix="/v1/general-acts", tags=["general acts"])

_DECIDED = answers(
    asked.GeneralActView, "already_decided", "wrong_state", "version_conflict", "reason_required"
)


@router.post(
    "",
    status_code=201,
    summary="Propose a general act",
    responses=answers(asked.GeneralActView, "unknown_employee", status=201),
)
async def propose_general_act(call: Call, body: asked.ActWanted) -> Response:
    """A flood, an outage, an order, election duty: for whom, from when to when."""
    return await call.command(
        asked.ProposeGeneralAct(**body.model_dump()), location="/v1/general-acts/{id}"
    )


@router.get("", summary="List general acts", responses=answers(Page[asked.GeneralActView]))
async def list_general_acts(
    call: Call, wanted: Annotated[asked.ListGeneralActs, Query()]
) -> Response:
    """Everybody in the city may know of them."""
    return await call.query(wanted)


@router.get("/{id}", summary="Show a general act", responses=answers(asked.GeneralActView))
async def get_general_act(call: Call, id_: Id) -> Response:
    """One act with its history and what you may do with it now."""
    return await call.query(asked.GetGeneralAct(id=id_))


@router.post("/{id}/approve", summary="Approve a general act", responses=_DECIDED)
async def approve_general_act(call: Call, id_: Id, body: NoteOf) -> Response:
    """Approve; the days of all whom it concerns change with it."""
    return await decide(call, asked.ApproveGeneralAct, id_, body)


@router.post("/{id}/reject", summary="Reject a general act", responses=_DECIDED)
async def reject_general_act(call: Call, id_: Id, body: NoteOf) -> Response:
    """Reject with a reason."""
    return await decide(call, asked.RejectGeneralAct, id_, body)


@router.post("/{id}/revoke", summary="Revoke a general act", responses=_DECIDED)
async def revoke_general_act(call: Call, id_: Id, body: NoteOf) -> Response:
    """Undo it as one, with a reason."""
    return await decide(call, asked.RevokeGeneralAct, id_, body)
