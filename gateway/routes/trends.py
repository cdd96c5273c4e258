"""Scores for dashboards: courses, peers, before and after."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.envelope import EmployeeId
from contracts.kpi import MonthText
from contracts.outcome import Refusal
from contracts.trends import (
    GetPeers,
    GetRollOut,
    GetTrend,
    PeerBands,
    RollOut,
    Trend,
)
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/insights", tags=["insights"])

_DEADLINE_S = 15.0
Person = Annotated[str | None, Query(max_length=64, description="A person, or `me`.")]


@router.get("/trend", summary="Read scores month by month", responses=answers(Trend))
async def get_trend(
    call: Call,
    from_: Annotated[MonthText, Query(alias="from", examples=["2026-01"])],
    to: Annotated[MonthText, Query(examples=["2026-12"])],
    employee: Person = None,
    agency: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Of a person, an agency or, if neither is named, the city; at most three years."""
    asked = {"employee": _person(employee, call), "agency": agency, "from": from_, "to": to}
    return await call.query(GetTrend.model_validate(asked))


@router.get("/peers", summary="Compare a score with peers", responses=answers(PeerBands))
async def get_peers(
    call: Call, employee: Person = "me", period: MonthText | None = None
) -> Response:
    """The quarters of all scores in the same position, without names; small groups not at all."""
    person = _person(employee, call)
    if person is None:
        raise Refusal("not_found")
    return await call.query(GetPeers(employee=person, period=period))


@router.get("/roll-out", summary="Compare scores before and after", responses=answers(RollOut))
async def get_roll_out(
    call: Call,
    from_: Annotated[MonthText, Query(alias="from")],
    to: MonthText,
    agency: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Scores and values before and after each agency's start, and of all; at most two years."""
    asked = GetRollOut.model_validate({"from": from_, "to": to, "agency": agency})
    return call.tell(await call.ask(asked, deadline_s=_DEADLINE_S))


def _person(text: str | None, call: Call) -> EmployeeId | None:
    if text is None:
        return None
    if text != "me":
        return EmployeeId(text)
    if call.actor.employee is None:
        raise Refusal("not_found")
    return call.actor.employee
