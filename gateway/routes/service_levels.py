"""Service levels over HTTP: how long an agency may take, from which day, by which decree."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.directory import Day
from contracts.envelope import Code
from contracts.paging import Page
from contracts.service_levels import (
    AddServiceLevels,
    ListServiceLevels,
    ServiceLevelRequest,
    ServiceLevelView,
)
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/service-levels", tags=["help requests"])


@router.get(
    "", summary="List an agency's service levels", responses=answers(Page[ServiceLevelView])
)
async def list_service_levels(
    call: Call,
    code: Annotated[Code, Path()],
    on: Annotated[
        Day | None, Query(description="what rules the agency that day, also from above")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """Every version the agency has entered, newest first; with `on` the one that rules that day."""
    return await call.query(ListServiceLevels(agency=code, on=on, limit=limit, cursor=cursor))


@router.post(
    "",
    status_code=201,
    summary="Enter a version of an agency's service levels",
    responses=answers(ServiceLevelView, status=201),
)
async def add_service_levels(
    call: Call, code: Annotated[Code, Path()], body: ServiceLevelRequest
) -> Response:
    """Targets, warning and escalation from a day on; requests under way keep theirs."""
    return await call.command(AddServiceLevels(agency=code, levels=body))
