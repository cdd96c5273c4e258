"""Policies of work elsewhere over HTTP: quotas, area, excluded posts and dates."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.directory import Day
from contracts.elsewhere_policies import (
    AddElsewherePolicy,
    ElsewherePoliciesView,
    ElsewherePolicyRequest,
    ElsewherePolicyView,
    ListElsewherePolicies,
)
from contracts.envelope import Code
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/work-elsewhere-policies", tags=["work elsewhere"])


@router.get("", summary="List policies of work elsewhere", responses=answers(ElsewherePoliciesView))
async def list_elsewhere_policies(
    call: Call, code: Annotated[Code, Path()], on: Annotated[Day | None, Query()] = None
) -> Response:
    """Every version the agency has entered, newest first; with `on` the one that rules that day."""
    return await call.query(ListElsewherePolicies(agency=code, on=on))


@router.post(
    "",
    status_code=201,
    summary="Enter a policy of work elsewhere",
    responses=answers(ElsewherePolicyView, status=201),
)
async def add_elsewhere_policy(
    call: Call, code: Annotated[Code, Path()], body: ElsewherePolicyRequest
) -> Response:
    """Quotas, area, excluded posts and dates from a day on; places already given stay given."""
    return await call.command(AddElsewherePolicy(agency=code, policy=body))
