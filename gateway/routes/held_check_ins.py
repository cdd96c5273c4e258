"""Check-ins that wait for the supervisor: listed, confirmed or declined."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.attendance import Id
from contracts.attendance_views import CheckInView
from contracts.check_ins import (
    DecideCheckIn,
    DecisionRequest,
    HeldCheckInView,
    HeldState,
    ListHeldCheckIns,
)
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call
from gateway.problems import answers
from gateway.routes.check_ins import person_of

router = APIRouter(prefix="/v1/check-ins", tags=["check-ins"])

_REFUSALS = ("already_decided", "reason_required")


@router.get(
    "/held",
    summary="List check-ins that wait for a supervisor",
    responses=answers(Page[HeldCheckInView]),
)
async def list_held_check_ins(
    call: Call,
    state: Annotated[list[HeldState] | None, Query()] = None,
    employee_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """On duty elsewhere, or offline on too many days: one's own, and of people one leads."""
    return await call.query(
        ListHeldCheckIns(
            state=tuple(state or ("pending",)),
            employee=person_of(call, employee_id) if employee_id else None,
            paging=Paging(limit=limit, cursor=cursor),
        )
    )


@router.post(
    "/{id}/confirm",
    summary="Let a check-in that waits count",
    responses=answers(CheckInView, *_REFUSALS),
)
async def confirm_check_in(id: Id, body: DecisionRequest, call: Call) -> Response:  # noqa: A002  # the path's word
    """The supervisor knows that it is true: from now on the day reads the check-in."""
    return await call.command(DecideCheckIn(check_in=id, decision="confirm", note=body.note))


@router.post(
    "/{id}/decline",
    summary="Do not let a check-in that waits count",
    responses=answers(CheckInView, *_REFUSALS),
)
async def decline_check_in(id: Id, body: DecisionRequest, call: Call) -> Response:  # noqa: A002  # the path's word
    """It stays recorded and does not count; the note says why."""
    return await call.command(DecideCheckIn(check_in=id, decision="decline", note=body.note))
