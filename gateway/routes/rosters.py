"""Duty rosters over HTTP: the shifts of an agency's people, month by month."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from contracts.envelope import Code
from contracts.policies import Month
from contracts.rosters import GetRoster, PutRoster, RosterRequest, RosterSummary, RosterView
from gateway.call import Call
from gateway.preconditions import Absent, precondition
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/rosters/{period}", tags=["attendance"])


@router.get("", summary="Show the roster of a month", responses=answers(RosterView))
async def get_roster(
    call: Call, code: Annotated[Code, Path()], period: Annotated[Month, Path()]
) -> Response:
    """The shifts of an agency and who has which of them on which day."""
    return await call.query(GetRoster(agency=code, period=period))


@router.put(
    "",
    summary="Enter the roster of a month",
    responses={
        **answers(RosterSummary, "version_required", "version_conflict"),
        **answers(RosterSummary, status=201),
    },
)
async def put_roster(
    call: Call,
    code: Annotated[Code, Path()],
    period: Annotated[Month, Path()],
    body: RosterRequest,
    if_none_match: Absent = None,
) -> Response:
    """The whole month at once; an entry goes before pattern and calendar, null is a free day."""
    command = PutRoster(
        agency=code,
        period=period,
        roster=body,
        precondition=precondition(call, if_none_match),
    )
    return await call.command(command, location=f"/v1/agencies/{code}/rosters/{period}")
