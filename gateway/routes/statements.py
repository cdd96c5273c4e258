"""What a person may know of what attendance keeps about them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.recaps import Month
from contracts.statements import AccessEntry, GetStatement, ListAccess, StatementView
from gateway.call import Call
from gateway.problems import answers
from gateway.routes.check_ins import person_of

router = APIRouter(prefix="/v1/employees/{employee}", tags=["own data"])


@router.get("/statement", summary="Read a statement", responses=answers(StatementView))
async def get_statement(
    employee: str,
    call: Call,
    period: Annotated[Month, Query(description="A month, `2026-11`.")],
) -> Response:
    """Every day of a month with its explanation, what changed it, and who looked at it."""
    return await call.query(GetStatement(employee=person_of(call, employee), period=period))


@router.get(
    "/access-log", summary="See who looked at a person", responses=answers(Page[AccessEntry])
)
async def list_access(
    employee: str,
    call: Call,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Who looked at the person's attendance, newest first; for the person and for overseers."""
    who, paging = person_of(call, employee), Paging(limit=limit, cursor=cursor)
    return await call.query(ListAccess(employee=who, paging=paging))
