"""Closing an agency's month: what is still open, closing, reopening, verifying."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.closings import (
    ClosePeriod,
    GetPeriod,
    OverrideReason,
    PeriodView,
    ReopenPeriod,
    ReopenReason,
    Verification,
    VerifyPeriod,
)
from contracts.envelope import Answer
from contracts.periods import AttendanceReadiness, GetAttendanceReadiness
from contracts.recaps import Month
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/periods/{period}", tags=["periods"])

Agency = Annotated[str, Path(alias="code", max_length=40)]
Period = Annotated[Month, Path(description="A month, `2026-11`.")]
_LOOKING_S = 20.0
"""How long attendance may look for what is still open in a large agency."""
_READINESS = "/v1/agencies/{agency}/periods/{period}/readiness"


@router.get("/readiness", summary="What is still open", responses=answers(PeriodView))
async def read_readiness(call: Call, agency: Agency, period: Period) -> Response:
    """How the month stands, everything that is not finished, its closings, and what you may do."""
    told, asked = await asyncio.gather(
        call.ask(GetPeriod(agency=agency, period=period)),
        call.ask(GetAttendanceReadiness(agency=agency, period=period), deadline_s=_LOOKING_S),
    )
    for answer in (told, asked):
        if answer.result is None:
            return call.tell(answer)
    view = PeriodView.model_validate_json(told.result or "")
    attendance = AttendanceReadiness.model_validate_json(asked.result or "")
    items = (*attendance.items, *view.items)
    merged = view.model_copy(
        update={"items": items, "attendance": attendance, "ready": view.ready and not items}
    )
    result = merged.model_dump_json(by_alias=True)
    return call.tell(Answer(result=result, version=told.version))


@router.post(
    "/close",
    status_code=202,
    summary="Close a month",
    responses=answers(PeriodView, "wrong_state", "period_closed", status=202),
)
async def close_period(
    call: Call, agency: Agency, period: Period, body: OverrideReason | None = None
) -> Response:
    """Refused while something is open, unless a reason overrides it.

    `Location` shows how far it is.

    Attendance is locked first; scores are frozen when every reader has what was locked.
    """
    readiness = GetAttendanceReadiness(agency=agency, period=period)
    asked = await call.ask(readiness, deadline_s=_LOOKING_S)
    if asked.result is None:
        return call.tell(asked)
    attendance = AttendanceReadiness.model_validate_json(asked.result)
    command = ClosePeriod(
        agency=agency,
        period=period,
        override_reason=body.override_reason if body else None,
        waiting=attendance.items,
    )
    return await call.command(command, location=_READINESS)


@router.post(
    "/reopen",
    status_code=202,
    summary="Open a closed month again",
    responses=answers(PeriodView, "wrong_state", status=202),
)
async def reopen_period(call: Call, agency: Agency, period: Period, body: ReopenReason) -> Response:
    """For the few who may, and only the newest closed month; what was closed stays readable."""
    command = ReopenPeriod(agency=agency, period=period, reason=body.reason)
    return await call.command(command, location=_READINESS)


@router.get("/verification", summary="Verify a closed month", responses=answers(Verification))
async def verify_period(
    call: Call,
    agency: Agency,
    period: Period,
    revision: Annotated[int | None, Query(ge=1, le=1_000)] = None,
) -> Response:
    """Computes the fingerprint again from the frozen results and the ledger."""
    return await call.query(VerifyPeriod(agency=agency, period=period, revision=revision))
