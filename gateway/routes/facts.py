"""The ledger of facts, as an export."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.envelope import EmployeeId
from contracts.kpi import ExportFacts, FactView, PeriodText
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/facts", tags=["scores"])


@router.get("", summary="Export facts", responses=answers(Page[FactView]))
async def export_facts(
    call: Call,
    employee: Annotated[
        str | None, Query(max_length=64, description="A person, or `me`; instead of `agency`.")
    ] = None,
    agency: Annotated[
        str | None, Query(max_length=40, description="An agency; instead of `employee`.")
    ] = None,
    exact: Annotated[bool, Query(description="Leave out the agencies below.")] = False,
    period: Annotated[
        PeriodText | None, Query(description="Month, quarter or year; default this month.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")] = None,
) -> Response:
    """The facts about a person or an agency by date; a score can be recomputed from them alone."""
    person = EmployeeId(employee) if employee is not None else None
    asked = ExportFacts(
        employee=call.actor.employee if person == "me" else person,
        agency=agency,
        exact=exact,
        period=period,
        paging=Paging(limit=limit, cursor=cursor, sort=sort),
    )
    return await call.query(asked)
