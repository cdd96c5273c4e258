"""Check-ins: made by a person, sent in a batch, listed; nonces for captures without a network."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from contracts.attendance import IssueNonces, ListCheckIns, RecordCheckIn
from contracts.attendance_terms import Direction, Method, Standing
from contracts.attendance_views import CheckInRow, CheckInView, NoncesView
from contracts.envelope import Code, Value
from contracts.outcome import Refusal
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.text import ShortText
from gateway.batches import BatchView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["check-ins"])

_BATCH_PATIENCE_S = 25.0
_REFUSALS = (
    "already_checked_in",
    "unknown_employee",
    "outside_every_office",
    "position_too_coarse",
    "kiosk_code_wrong",
    "nonce_wrong",
    "captured_too_long_ago",
    "captured_in_the_future",
    "no_pattern_in_force",
)


class CheckInBatch(Value):
    """Up to 500 captures that a phone kept while it had no network."""

    items: tuple[RecordCheckIn, ...] = Field(min_length=1, max_length=500)


@router.post(
    "/v1/check-ins",
    status_code=201,
    summary="Check in or out at the office you are at",
    responses=answers(CheckInView, *_REFUSALS, status=201),
)
async def record_check_in(body: RecordCheckIn, call: Call) -> Response:
    """Record that the caller arrives at or leaves an office; the answer carries the day."""
    return await call.command(body)


@router.post(
    "/v1/check-ins/batch",
    summary="Send captures made without a network",
    responses=answers(BatchView),
)
async def record_check_ins(body: CheckInBatch, call: Call) -> BatchView:
    """Record up to 500 captures, in any order; each has a verdict of its own."""
    verdicts = await call.commands(body.items, _BATCH_PATIENCE_S)
    return told(call, verdicts)


@router.post(
    "/v1/check-ins/nonces",
    summary="Get nonces for captures without a network",
    responses=answers(NoncesView),
)
async def issue_nonces(body: IssueNonces, call: Call) -> Response:
    """Give nonces while online; each proves that one later capture was not made before it."""
    return await call.query(body)


@router.get(
    "/v1/check-ins",
    summary="List check-ins of a person",
    responses=answers(Page[CheckInRow]),
)
async def list_check_ins(  # the filters of the contract
    call: Call,
    from_: Annotated[date, Query(alias="from")],
    to: date,
    employee_id: Annotated[str, Query(max_length=64)] = "me",
    refused: bool = False,  # a filter
    direction: Annotated[list[Direction] | None, Query()] = None,
    method: Annotated[list[Method] | None, Query()] = None,
    office: Annotated[list[Code] | None, Query(max_length=20)] = None,
    standing: Annotated[list[Standing] | None, Query()] = None,
    flags: Annotated[list[ShortText] | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(pattern=r"^-?at$")] = None,
) -> Response:
    """The recorded check-ins between two dates, or with ``refused=true`` the refused ones.

    Recorded ones come oldest first (``sort=-at``: newest first), refused ones newest first.
    """
    return await call.query(
        ListCheckIns(
            employee=person_of(call, employee_id),
            from_=from_,
            to=to,
            refused=refused,
            direction=tuple(direction or ()),
            method=tuple(method or ()),
            office=tuple(office or ()),
            standing=tuple(standing or ()),
            flags=tuple(flags or ()),
            paging=Paging(limit=limit, cursor=cursor, sort=sort),
        )
    )


def person_of(call: Call, employee_id: str) -> str:
    """``me`` is the person behind the account."""
    if employee_id != "me":
        return employee_id
    if call.actor.employee is None:
        raise Refusal("not_found")
    return call.actor.employee
