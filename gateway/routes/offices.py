"""The city's offices over HTTP: places, not agencies."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.directory import Day
from contracts.envelope import Code
from contracts.paging import Page
from contracts.places import GetOffice, ListOffices, OfficeRequest, OfficeView, PutOffice
from gateway.call import Call
from gateway.preconditions import Absent, precondition
from gateway.problems import answers

router = APIRouter(prefix="/v1/offices", tags=["directory"])


@router.get("", summary="List offices", responses=answers(Page[OfficeView]))
async def list_offices(call: Call, wanted: Annotated[ListOffices, Query()]) -> Response:
    """The offices as they are on a day; `used_by` includes the agencies below."""
    return await call.query(wanted)


@router.get("/{code}", summary="Show an office", responses=answers(OfficeView))
async def get_office(
    call: Call, code: Annotated[Code, Path()], on: Annotated[Day | None, Query()] = None
) -> Response:
    """One office as it is on a day, with every dated version."""
    return await call.query(GetOffice(code=code, on=on))


@router.put(
    "/{code}",
    summary="Create an office or record a version of it",
    responses={
        **answers(OfficeView, "version_required", "version_conflict"),
        **answers(OfficeView, status=201),
    },
)
async def put_office(
    call: Call, code: Annotated[Code, Path()], body: OfficeRequest, if_none_match: Absent = None
) -> Response:
    """What the office is from a day on; earlier versions stay, one of the same day is replaced."""
    command = PutOffice(code=code, office=body, precondition=precondition(call, if_none_match))
    return await call.command(command, location=f"/v1/offices/{code}")
