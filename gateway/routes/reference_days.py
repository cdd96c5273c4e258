"""Parallel running: days of the old system, and where they differ from ours."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from contracts.envelope import Value
from contracts.outcome import Refusal
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging
from contracts.recaps import Month
from contracts.reference_days import (
    DifferenceReason,
    ImportReferenceDay,
    ListReferenceDifferences,
    ReferenceDifferences,
)
from gateway.batches import BatchView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["parallel running"])

_PATIENCE_S = 25.0
_COUNTED_S = 30.0
"""The first page of differences counts a whole month; a city's takes longer than a query."""


class ReferenceDayImport(Value):
    """Up to 500 days as the old system has them."""

    items: tuple[ImportReferenceDay, ...] = Field(min_length=1, max_length=500)


@router.post(
    "/v1/imports/reference-days",
    summary="Import days of the old system",
    responses=answers(BatchView),
)
async def import_reference_days(body: ReferenceDayImport, call: Call) -> BatchView:
    """Kept beside ours and compared; nothing of them counts. Verdicts in the order of the items."""
    if not call.actor.has("loader", "admin"):
        raise Refusal("forbidden")  # the service checks it again; this spares 500 refusals
    return told(call, await call.commands(body.items, _PATIENCE_S))


@router.get(
    "/v1/agencies/{code}/attendance/reference-differences",
    summary="List where the old system differs",
    responses=answers(ReferenceDifferences),
)
async def list_reference_differences(
    call: Call,
    code: Annotated[str, Path(max_length=40)],
    period: Annotated[Month, Query(description="A month, `2026-11`.")],
    reason: Annotated[list[DifferenceReason] | None, Query()] = None,
    exact: Annotated[bool, Query(description="Only this agency, none below.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Day by day, with a reason each; the first page counts the whole month by reason."""
    asked = ListReferenceDifferences(
        agency=code,
        period=period,
        exact=exact,
        reason=tuple(reason or ()),
        paging=Paging(limit=limit, cursor=cursor),
    )
    return call.tell(await call.ask(asked, deadline_s=_COUNTED_S))
