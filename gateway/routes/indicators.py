"""What everybody is measured by: versions, proposed by one and approved by another."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.indicators import (
    Decide,
    DecideIndicators,
    IndicatorList,
    IndicatorTerms,
    IndicatorView,
    ListIndicators,
    NewIndicator,
    PreviewIndicator,
    ProposeIndicator,
    ProposeIndicatorVersion,
    VersionState,
)
from contracts.jobs import JobView
from contracts.kpi import IndicatorCode, MonthText
from contracts.outcome import Refusal
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/indicators", tags=["scores"])

_WRONG = ("formula_invalid", "unit_mismatch", "validation_failed")


@router.get("", summary="List indicators", responses=answers(IndicatorList))
async def list_indicators(
    call: Call,
    on: Annotated[date | None, Query(description="Only the versions that rule this day.")] = None,
    code: Annotated[str | None, Query(max_length=40)] = None,
    state: VersionState | None = None,
    agency: Annotated[str | None, Query(max_length=40, description="With `on`: there.")] = None,
    position: Annotated[str | None, Query(max_length=100, description="With `on`: a post.")] = None,
) -> Response:
    """Every version of every indicator: formula, target, cap, weight, and the day it rules from."""
    asked = ListIndicators(on=on, code=code, state=state, agency=agency, position=position)
    return await call.query(asked)


@router.post(
    "",
    status_code=201,
    summary="Propose an indicator",
    responses=answers(IndicatorView, *_WRONG, status=201),
)
async def propose_indicator(call: Call, body: NewIndicator) -> Response:
    """A new indicator with its first version; it rules nobody before somebody else approves it."""
    return await call.command(ProposeIndicator(indicator=body))


@router.post(
    "/{code}/versions",
    status_code=201,
    summary="Propose a version of an indicator",
    responses=answers(IndicatorView, *_WRONG, status=201),
)
async def propose_version(
    call: Call, code: Annotated[IndicatorCode, Path()], body: IndicatorTerms
) -> Response:
    """A further version, from a day on; what was approved before is never changed."""
    return await call.command(ProposeIndicatorVersion(code=code, terms=body))


@router.post(
    "/decide",
    summary="Approve or reject versions",
    responses=answers(IndicatorList, "already_decided", "weights_not_100"),
)
async def decide_indicators(call: Call, body: Decide) -> Response:
    """All of them or none, never one's own; the weights that then rule add up to 100."""
    return await call.command(DecideIndicators(decide=body))


@router.post(
    "/{code}/versions/{version}/preview",
    status_code=202,
    summary="Try a version on a past month",
    responses=answers(JobView, *_WRONG, status=202),
)
async def preview_indicator(
    call: Call,
    code: Annotated[IndicatorCode, Path()],
    version: Annotated[str, Path(pattern=r"^([1-9][0-9]{0,3}|draft)$", description="or `draft`")],
    period: Annotated[MonthText, Query(examples=["2026-10"])],
    body: IndicatorTerms | None = None,
) -> Response:
    """A job: its result has both distributions, its report the people most affected first.

    With `draft` the version is in the body. One that begins later is tried on the whole month.
    """
    number = None if version == "draft" else int(version)
    if number is not None and body is not None:
        raise Refusal.invalid("/", "a known version is tried as it is: send no body, or draft")
    asked = PreviewIndicator(code=code, number=number, draft=body, period=period)
    return await call.command(asked, location="/v1/jobs/{id}")
