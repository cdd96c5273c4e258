"""Absences over HTTP: leave, sickness, duty and permission, of whole days or hours."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts import absences as asked
from contracts.absence_kinds import AddAbsenceKind, KindRequest
from contracts.directory import Day
from contracts.paging import Page
from contracts.requests import NoteOf
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import Id, decide, for_whom, people

router = APIRouter(tags=["absences"])

_DECIDED = answers(
    asked.AbsenceView, "already_decided", "wrong_state", "version_conflict", "reason_required"
)


@router.get(
    "/v1/absence-kinds", summary="List kinds of absence", responses=answers(asked.KindsView)
)
async def list_absence_kinds(call: Call, on: Annotated[Day | None, Query()] = None) -> Response:
    """The kinds in force on a day, by default today."""
    return await call.query(asked.ListAbsenceKinds(on=on))


@router.post(
    "/v1/absence-kinds",
    status_code=201,
    summary="Enter a kind of absence",
    responses=answers(asked.KindView, status=201),
)
async def add_absence_kind(call: Call, body: KindRequest) -> Response:
    """A new kind, or another version of a known one, from a day on; also in the past.

    Absences that were asked for keep what their kind meant then.
    """
    return await call.command(AddAbsenceKind(kind=body))


@router.post(
    "/v1/absences",
    status_code=201,
    summary="Ask for an absence",
    responses=answers(asked.AbsenceView, "overlaps", "unknown_employee", status=201),
)
async def request_absence(call: Call, body: asked.AbsenceWanted) -> Response:
    """Whole days (dates) or hours (instants); waits for whoever decides about the person."""
    said = body.model_dump(exclude={"employee_id"})
    command = asked.RequestAbsence(employee_id=for_whom(call, body.employee_id), **said)
    return await call.command(command, location="/v1/absences/{id}")


@router.get("/v1/absences", summary="List absences", responses=answers(Page[asked.AbsenceView]))
async def list_absences(call: Call, wanted: Annotated[asked.ListAbsences, Query()]) -> Response:
    """Your own, and those of the people you decide about."""
    who = people(call, wanted.employee_id)
    return await call.query(wanted.model_copy(update={"employee_id": who}))


@router.get("/v1/absences/{id}", summary="Show an absence", responses=answers(asked.AbsenceView))
async def get_absence(call: Call, id_: Id) -> Response:
    """One absence with its history and what you may do with it now."""
    return await call.query(asked.GetAbsence(id=id_))


@router.post("/v1/absences/{id}/approve", summary="Approve an absence", responses=_DECIDED)
async def approve_absence(call: Call, id_: Id, body: NoteOf) -> Response:
    """Approve; the days it covers change with it."""
    return await decide(call, asked.ApproveAbsence, id_, body)


@router.post("/v1/absences/{id}/reject", summary="Reject an absence", responses=_DECIDED)
async def reject_absence(call: Call, id_: Id, body: NoteOf) -> Response:
    """Reject with a reason."""
    return await decide(call, asked.RejectAbsence, id_, body)


@router.post("/v1/absences/{id}/withdraw", summary="Withdraw an absence", responses=_DECIDED)
async def withdraw_absence(call: Call, id_: Id, body: NoteOf) -> Response:
    """Take it back: the person before it begins, whoever decides at any time."""
    return await decide(call, asked.WithdrawAbsence, id_, body)
