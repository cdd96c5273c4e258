"""The city's agencies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.envelope import Code
from contracts.paging import Page
from contracts.places import AgencyRequest, AgencyView, GetAgency, ListAgencies, PutAgency
from gateway.call import Call
from gateway.preconditions import Absent, precondition
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies", tags=["directory"])


@router.get("", summary="List agencies", responses=answers(Page[AgencyView]))
async def list_agencies(call: Call, wanted: Annotated[ListAgencies, Query()]) -> Response:
    """The city's agencies; `agency` includes those below unless `exact=true`."""
    return await call.query(wanted)


@router.get("/{code}", summary="Show an agency", responses=answers(AgencyView))
async def get_agency(call: Call, code: Annotated[Code, Path()]) -> Response:
    """One agency with its place in the tree and the stages of its roll-out."""
    return await call.query(GetAgency(code=code))


@router.put(
    "/{code}",
    summary="Create or change an agency",
    responses={
        **answers(AgencyView, "version_required", "version_conflict"),
        **answers(AgencyView, status=201),
    },
)
async def put_agency(
    call: Call, code: Annotated[Code, Path()], body: AgencyRequest, if_none_match: Absent = None
) -> Response:
    """Where nothing is, this creates; what exists is changed with its ETag in `If-Match`."""
    command = PutAgency(code=code, agency=body, precondition=precondition(call, if_none_match))
    return await call.command(command, location=f"/v1/agencies/{code}")
