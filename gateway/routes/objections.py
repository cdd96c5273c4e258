"""Objections over HTTP: to what was found about a day, by its deadline, with an answer."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts import objections as asked
from contracts.paging import Page
from contracts.requests import NoteOf
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import Id, decide, for_whom, people

router = APIRouter(tags=["objections"])

_DECIDED = answers(
    asked.ObjectionView, "already_decided", "wrong_state", "version_conflict", "reason_required"
)


@router.post(
    "/v1/objections",
    status_code=201,
    summary="Object to a finding",
    responses=answers(
        asked.ObjectionView, "overlaps", "already_decided", "unknown_employee", status=201
    ),
)
async def raise_objection(call: Call, body: asked.ObjectionWanted) -> Response:
    """Once per day, until the deadline that the policy sets; the remedy is what is to follow."""
    day = body.about.day
    whose = day.model_copy(update={"employee_id": for_whom(call, day.employee_id)})
    about = body.about.model_copy(update={"day": whose})
    command = asked.RaiseObjection(
        about=about, reason=body.reason, remedy=body.remedy, attachments=body.attachments
    )
    return await call.command(command, location="/v1/objections/{id}")


@router.get(
    "/v1/objections", summary="List objections", responses=answers(Page[asked.ObjectionView])
)
async def list_objections(call: Call, wanted: Annotated[asked.ListObjections, Query()]) -> Response:
    """Your own, and those of the people you decide about."""
    who = people(call, wanted.employee_id)
    return await call.query(wanted.model_copy(update={"employee_id": who}))


@router.get(
    "/v1/objections/{id}", summary="Show an objection", responses=answers(asked.ObjectionView)
)
async def get_objection(call: Call, id_: Id) -> Response:
    """One objection with what was found, its history and what you may do with it now."""
    return await call.query(asked.GetObjection(id=id_))


@router.post("/v1/objections/{id}/approve", summary="Find an objection right", responses=_DECIDED)
async def approve_objection(call: Call, id_: Id, body: asked.Answer) -> Response:
    """The remedy that was asked for, or another one given here, takes effect on the day."""
    command = asked.ApproveObjection(
        id=id_, note=body.note, remedy=body.remedy, if_match=call.optional_if_match()
    )
    return await call.command(command)


@router.post("/v1/objections/{id}/reject", summary="Find an objection wrong", responses=_DECIDED)
async def reject_objection(call: Call, id_: Id, body: NoteOf) -> Response:
    """The finding stands, with a reason."""
    return await decide(call, asked.RejectObjection, id_, body)


@router.post("/v1/objections/{id}/withdraw", summary="Take an objection back", responses=_DECIDED)
async def withdraw_objection(call: Call, id_: Id, body: NoteOf) -> Response:
    """Take it back; the finding is what it would be without it."""
    return await decide(call, asked.WithdrawObjection, id_, body)
