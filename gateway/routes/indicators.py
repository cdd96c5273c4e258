"""What everybody is measured by."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.kpi import IndicatorList, ListIndicators
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/indicators", tags=["scores"])


@router.get("", summary="List indicators", responses=answers(IndicatorList))
async def list_indicators(
    call: Call,
    on: Annotated[date | None, Query(description="Only the versions that rule this day.")] = None,
) -> Response:
    """Every version of every indicator: formula, target, cap, weight, and the day it rules from."""
    return await call.query(ListIndicators(on=on))
