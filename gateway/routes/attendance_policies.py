"""The attendance policies of agencies over HTTP: versions, and what one would change."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.directory import Day
from contracts.envelope import Code
from contracts.paging import Page
from contracts.policies import (
    AddPolicy,
    ListPolicies,
    Month,
    PolicyId,
    PolicyPreview,
    PolicyRequest,
    PolicyView,
    PreviewPolicy,
)
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/attendance-policies", tags=["attendance"])


@router.get("", summary="List an agency's policies", responses=answers(Page[PolicyView]))
async def list_policies(
    call: Call,
    code: Annotated[Code, Path()],
    on: Annotated[
        Day | None, Query(description="what rules the agency that day, also from above")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """Every version the agency has entered, newest first; with `on` those that rule that day."""
    return await call.query(ListPolicies(agency=code, on=on, limit=limit, cursor=cursor))


@router.post(
    "",
    status_code=201,
    summary="Enter a version of an agency's policy",
    responses=answers(PolicyView, status=201),
)
async def add_policy(call: Call, code: Annotated[Code, Path()], body: PolicyRequest) -> Response:
    """Hours, limits and bands from a day on, also in the past: judged days are judged anew."""
    return await call.command(AddPolicy(agency=code, policy=body))


@router.post(
    "/{version}/preview",
    summary="Preview what a version would change in a month",
    responses=answers(PolicyPreview),
)
async def preview_policy(
    call: Call,
    code: Annotated[Code, Path()],
    version: Annotated[PolicyId, Path(description="a version's id, or `draft`")],
    period: Annotated[Month, Query()],
    body: PolicyRequest | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """Old and new minutes, bands and status, person by person; nothing is saved.

    With `draft` the version is in the body. One that begins after the month is tried on all of it.
    `limit` counts the people looked at; those for whom nothing changes are left out.
    """
    asked = PreviewPolicy(
        agency=code, version=version, period=period, draft=body, limit=limit, cursor=cursor
    )
    return await call.query(asked)
