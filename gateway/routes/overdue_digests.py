"""Digests of what is overdue over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.envelope import Code
from contracts.overdue_digests import ListOverdueDigests, OverdueDigestView
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/overdue-digests", tags=["help requests"])


@router.get("", summary="List overdue digests", responses=answers(Page[OverdueDigestView]))
async def list_overdue_digests(
    call: Call,
    code: Annotated[Code, Path()],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """What the top of the tree was told of late requests, a digest a working day, newest first."""
    return await call.query(ListOverdueDigests(agency=code, limit=limit, cursor=cursor))
