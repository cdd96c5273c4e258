"""Scores of people and agencies, and why each is what it is."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from contracts.explanations import AskWhatIf, CompareComputations, FactChange, ScoreDifference
from contracts.kpi import (
    AgencyScorecardView,
    CityScorecardView,
    EmployeeScorecardView,
    ExplainAgencyLine,
    ExplainCityLine,
    ExplainEmployeeLine,
    GetAgencyScorecard,
    GetCityScorecard,
    GetEmployeeScorecard,
    LineExplanation,
    PeriodText,
)
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging
from gateway.call import Call
from gateway.problems import answers
from gateway.requests import the_person

router = APIRouter(tags=["scores"])

Employee = Annotated[str, Path(alias="id", max_length=64, description="A person, or `me`.")]
Agency = Annotated[str, Path(alias="code", max_length=40)]
Indicator = Annotated[str, Path(max_length=40)]
Period = Annotated[
    PeriodText | None,
    Query(description="`2026-11`, `2026-Q4` or `2026`; default this month.", examples=["2026-11"]),
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=500)]
Sort = Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")]


@router.get(
    "/v1/employees/{id}/scorecard",
    summary="Read a person's score",
    responses=answers(EmployeeScorecardView),
)
async def get_employee_scorecard(employee: Employee, call: Call, period: Period = None) -> Response:
    """The score of a period and its lines; send `X-Written` to see what was just recorded."""
    return await call.query(
        GetEmployeeScorecard(employee=the_person(call, employee), period=period)
    )


@router.get(
    "/v1/employees/{id}/scorecard/lines/{indicator}",
    summary="Explain a line of a person's score",
    responses=answers(LineExplanation),
)
async def explain_employee_line(
    employee: Employee,
    indicator: Indicator,
    call: Call,
    period: Period = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    sort: Sort = None,
) -> Response:
    """Formula, inputs and the facts of a line, computed anew from the ledger."""
    asked = ExplainEmployeeLine(
        employee=the_person(call, employee),
        indicator=indicator,
        period=period,
        paging=Paging(limit=limit, cursor=cursor, sort=sort),
    )
    return await call.query(asked)


@router.post(
    "/v1/employees/{id}/scorecard/what-if",
    summary="Ask what a score would be",
    responses=answers(ScoreDifference),
)
async def ask_what_if(
    employee: Employee, call: Call, body: FactChange, period: Period = None
) -> Response:
    """The score and its lines as they are, and if one fact were another; nothing is changed."""
    person = the_person(call, employee)
    return await call.query(AskWhatIf(employee=person, period=period, change=body))


@router.get(
    "/v1/employees/{id}/scorecard/differences",
    summary="Compare two computations of a score",
    responses=answers(ScoreDifference),
)
async def compare_computations(
    employee: Employee,
    call: Call,
    from_: Annotated[AwareDatetime, Query(alias="from")],
    to: AwareDatetime | None = None,
    period: Period = None,
) -> Response:
    """By what was known at two moments (`to` is now if not said): lines, versions, and facts."""
    person = the_person(call, employee)
    return await call.query(
        CompareComputations.model_validate(
            {"employee": person, "period": period, "from": from_, "to": to}
        )
    )


@router.get(
    "/v1/agencies/{code}/scorecard",
    summary="Read an agency's score",
    responses=answers(AgencyScorecardView),
)
async def get_agency_scorecard(
    agency: Agency,
    call: Call,
    period: Period = None,
    revision: Annotated[
        int | None, Query(ge=1, le=1_000, description="A closing of this month.")
    ] = None,
) -> Response:
    """The score of a period and its lines; who was in the agency on a day counts for that day."""
    return await call.query(GetAgencyScorecard(agency=agency, period=period, revision=revision))


@router.get(
    "/v1/agencies/{code}/scorecard/lines/{indicator}",
    summary="Explain a line of an agency's score",
    responses=answers(LineExplanation),
)
async def explain_agency_line(
    agency: Agency,
    indicator: Indicator,
    call: Call,
    period: Period = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    sort: Sort = None,
) -> Response:
    """Formula, inputs and the facts of a line; for those who lead the agency, and overseers."""
    asked = ExplainAgencyLine(
        agency=agency,
        indicator=indicator,
        period=period,
        paging=Paging(limit=limit, cursor=cursor, sort=sort),
    )
    return await call.query(asked)


@router.get(
    "/v1/city/scorecard", summary="Read the city's score", responses=answers(CityScorecardView)
)
async def get_city_scorecard(call: Call, period: Period = None) -> Response:
    """The score of the whole city in a period: all its agencies' facts together."""
    return await call.query(GetCityScorecard(period=period))


@router.get(
    "/v1/city/scorecard/lines/{indicator}",
    summary="Explain a line of the city's score",
    responses=answers(LineExplanation),
)
async def explain_city_line(indicator: Indicator, call: Call, period: Period = None) -> Response:
    """Formula, inputs, and each agency's own value."""
    return await call.query(ExplainCityLine(indicator=indicator, period=period))
