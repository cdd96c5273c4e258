"""Absence without leave against the thresholds of the law."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.absence_signals import AbsenceSignals, ListAbsenceSignals
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["recaps"])

_DEADLINE_S = 30.0


@router.get(
    "/v1/agencies/{code}/attendance/absence-signals",
    summary="See who has reached a threshold of absence",
    responses=answers(AbsenceSignals),
)
async def list_absence_signals(
    call: Call,
    code: Annotated[str, Path(max_length=40)],
    year: Annotated[int, Query(ge=2_000, le=2_100)],
    exact: Annotated[bool, Query(description="Only this agency, none below.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """By *PP* 94/2021: days of absence without leave in a year. A signal; a person decides."""
    paging = Paging(limit=limit, cursor=cursor)
    asked = ListAbsenceSignals(agency=code, year=year, exact=exact, paging=paging)
    return call.tell(await call.ask(asked, deadline_s=_DEADLINE_S))
