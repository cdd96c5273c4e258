"""Punches that other systems captured, and the export files of attendance machines."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.attendance import ImportPunch, ReadAttlog
from contracts.attendance_views import AttlogView, UnreadableLine
from contracts.envelope import Value
from contracts.outcome import Refusal
from gateway.arrival import arrival_of
from gateway.batches import BatchView, ItemView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["imports"])

_PATIENCE_S = 25.0


class PunchImport(Value):
    """Up to 500 punches, each of any past moment."""

    items: tuple[ImportPunch, ...] = Field(min_length=1, max_length=500)


class AttlogImport(BaseModel):
    """What an export file held and what became of it."""

    lines: int
    stored: int
    duplicates: int
    refused: int
    unreadable: list[UnreadableLine]
    unmapped: list[str]
    items: list[ItemView]


@router.post(
    "/v1/imports/punches",
    summary="Import punches of other systems",
    responses=answers(BatchView),
)
async def import_punches(body: PunchImport, call: Call) -> BatchView:
    """For accounts with the right ``import:punches``; verdicts in the order of the items."""
    _needs_the_right(call)
    return told(call, await call.commands(body.items, _PATIENCE_S))


@router.post(
    "/v1/imports/attlog",
    summary="Import an attlog.dat file of an attendance machine",
    responses=answers(AttlogImport),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": "        1\t2026-11-23 07:11:58\t1\t0\t1\t0\r\n",
                }
            },
        }
    },
)
async def import_attlog(
    request: Request,
    call: Call,
    serial: Annotated[str, Query(pattern=r"^[A-Za-z0-9\-]{1,40}$")],
    dry_run: bool = False,  # part of the contract
) -> Response:
    """Read the file as the registered machine's and store each punch once; bad lines are listed."""
    _needs_the_right(call)
    text = arrival_of(request.scope).body.decode("utf-8", "replace")
    answer = await call.ask(ReadAttlog(serial=serial, text=text))
    if answer.problem is not None or answer.result is None:
        return call.tell(answer)
    file = AttlogView.model_validate_json(answer.result)
    bodies = [
        ImportPunch(
            employee_id=line.employee_id,
            direction=line.direction,
            at=line.at,
            office=file.office,
            device=serial,
        )
        for line in file.punches
        if line.employee_id is not None
    ]
    batch = told(call, [] if dry_run else await call.commands(bodies, _PATIENCE_S))
    codes = [item.problem["code"] for item in batch.items if item.problem]
    duplicates = codes.count("already_checked_in")
    view = AttlogImport(
        lines=file.lines,
        stored=sum(item.status == "accepted" for item in batch.items),
        duplicates=duplicates,
        refused=len(codes) - duplicates,
        unreadable=list(file.unreadable),
        unmapped=list(file.unmapped),
        items=batch.items,
    )
    return Response(view.model_dump_json(), media_type="application/json")


def _needs_the_right(call: Call) -> None:
    """The services check it again; refusing here spares five hundred refusals."""
    if not call.actor.has("loader"):
        raise Refusal("forbidden")
