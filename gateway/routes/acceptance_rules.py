"""Rules of acceptance over HTTP: when a responder's word waits for the head's."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.acceptance_rules import (
    AcceptanceRuleRequest,
    AcceptanceRuleView,
    AddAcceptanceRule,
    ListAcceptanceRules,
)
from contracts.directory import Day
from contracts.envelope import Code
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/acceptance-rules", tags=["help requests"])


@router.get(
    "", summary="List an agency's rules of acceptance", responses=answers(Page[AcceptanceRuleView])
)
async def list_acceptance_rules(
    call: Call,
    code: Annotated[Code, Path()],
    on: Annotated[
        Day | None, Query(description="what rules the agency that day, also from above")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """Every version the agency has entered, newest first; with `on` the one that rules that day."""
    return await call.query(ListAcceptanceRules(agency=code, on=on, limit=limit, cursor=cursor))


@router.post(
    "",
    status_code=201,
    summary="Enter a version of an agency's rule of acceptance",
    responses=answers(AcceptanceRuleView, status=201),
)
async def add_acceptance_rule(
    call: Call, code: Annotated[Code, Path()], body: AcceptanceRuleRequest
) -> Response:
    """More people or days than this wait for the head, when a responder accepts."""
    return await call.command(AddAcceptanceRule(agency=code, rule=body))
