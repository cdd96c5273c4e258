"""Presence: who is in which office now."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.attendance import GetPresence
from contracts.attendance_views import PresenceView
from gateway.call import Call
from gateway.problems import answers
from gateway.routes.check_ins import person_of

router = APIRouter(tags=["presence"])


@router.get("/v1/presence", summary="See who is where now", responses=answers(PresenceView))
async def get_presence(
    call: Call,
    office: Annotated[str | None, Query(max_length=40)] = None,
    agency: Annotated[str | None, Query(max_length=40)] = None,
    employee_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """By exactly one of office, agency or person; names only of those whom the caller may see."""
    person = person_of(call, employee_id) if employee_id else None
    return await call.query(GetPresence(office=office, agency=agency, employee_id=person))
