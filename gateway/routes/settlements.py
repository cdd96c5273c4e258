"""What days of closed months came out as afterwards."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.periods import ListSettlements, SettlementView
from contracts.recaps import Month
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["periods"])


@router.get(
    "/v1/agencies/{code}/settlements",
    summary="List settlements",
    responses=answers(Page[SettlementView]),
)
async def list_settlements(
    call: Call,
    code: Annotated[str, Path(max_length=40)],
    period: Annotated[Month | None, Query(description="The closed month they belong to.")] = None,
    settled_in: Annotated[Month | None, Query(description="The month they count in.")] = None,
    waiting: Annotated[bool | None, Query(description="Only those not settled yet.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Each day with what was closed and what it would be now; closed figures never change."""
    asked = ListSettlements(
        agency=code,
        period=period,
        settled_in=settled_in,
        waiting=waiting,
        paging=Paging(limit=limit, cursor=cursor),
    )
    return await call.query(asked)
