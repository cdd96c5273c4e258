"""The ledger of facts as a whole: checks against its sources, and the seals of its exports."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.jobs import JobView
from contracts.kpi import MonthText
from contracts.ledger import CheckLedger, CheckRequest, ListSeals, SealView
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/ledger", tags=["scores"])


@router.post(
    "/checks",
    status_code=202,
    summary="Check the ledger against its sources",
    responses=answers(JobView, status=202),
)
async def check_ledger(call: Call, body: CheckRequest) -> Response:
    """A job: days by agency, date and status, as attendance counts them and as the ledger has them.

    Its report has every day on which the two differ, and every measurement of which a value lacks.
    """
    return await call.command(CheckLedger(check=body), location="/v1/jobs/{id}")


@router.get("/seals", summary="List seals", responses=answers(Page[SealView]))
async def list_seals(
    call: Call,
    period: MonthText | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")] = None,
) -> Response:
    """The exports of the ledger: facts, digest, and the digest of the export before."""
    paging = Paging(limit=limit, cursor=cursor, sort=sort)
    return await call.query(ListSeals(period=period, paging=paging))
