"""The city's people and their posts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.directory import Day
from contracts.envelope import EmployeeId
from contracts.paging import Page
from contracts.people import (
    Assign,
    AssignmentRequest,
    ChangeEmployee,
    CreateEmployee,
    EmployeeChanges,
    EmployeeRequest,
    EmployeeView,
    GetEmployee,
    ListEmployees,
    PersonView,
)
from gateway.call import Call, CallContext
from gateway.problems import answers

router = APIRouter(prefix="/v1/employees", tags=["directory"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=60, description="the id, or `me`")]


@router.get("", summary="Find people", responses=answers(Page[EmployeeView | PersonView]))
async def list_employees(call: Call, wanted: Annotated[ListEmployees, Query()]) -> Response:
    """People by agency, name or id; the record for those who may see it, else who and where."""
    return await call.query(wanted)


@router.get("/{id}", summary="Show a person", responses=answers(EmployeeView))
async def get_employee(call: Call, id_: Id, on: Annotated[Day | None, Query()] = None) -> Response:
    """A person as of a day; the record for those who may see it, else who and where."""
    return await call.query(GetEmployee(employee=_person(call, id_), on=on))


@router.post(
    "",
    status_code=201,
    summary="Add a person",
    responses=answers(EmployeeView, "overlaps", status=201),
)
async def create_employee(call: Call, body: EmployeeRequest) -> Response:
    """A person with at least one post."""
    return await call.command(CreateEmployee(person=body), location="/v1/employees/{id}")


@router.patch(
    "/{id}",
    summary="Correct a person's record",
    responses=answers(EmployeeView, "version_required", "version_conflict"),
)
async def change_employee(call: Call, id_: Id, body: EmployeeChanges) -> Response:
    """Absent fields stay; null removes `nip` or `email`. Posts have a call of their own."""
    command = ChangeEmployee(
        employee=_person(call, id_),
        changes=body,
        clear_nip="nip" in body.model_fields_set and body.nip is None,
        clear_email="email" in body.model_fields_set and body.email is None,
        if_match=call.if_match(),
    )
    return await call.command(command)


@router.post(
    "/{id}/assignments",
    status_code=201,
    summary="Give a person a post",
    responses=answers(EmployeeView, "overlaps", status=201),
)
async def assign(call: Call, id_: Id, body: AssignmentRequest) -> Response:
    """Also retroactively; a main post ends an earlier open-ended one the day before."""
    return await call.command(Assign(employee=_person(call, id_), assignment=body))


def _person(call: CallContext, id_: str) -> EmployeeId:
    return call.actor.employee or EmployeeId("-") if id_ == "me" else EmployeeId(id_)
