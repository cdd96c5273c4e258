"""Everything attendance keeps of one person, and the end of exact positions."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, JsonValue
from starlette.responses import Response, StreamingResponse

from contracts.jobs import JobView
from contracts.outcome import Refusal
from contracts.own_data import SECTIONS, ExportPage, ExportPersonalData, ForgetPositions
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.routes.check_ins import person_of
from kit.messaging.client import Unavailable

router = APIRouter(prefix="/v1/employees/{employee}", tags=["own data"])

_PAGE_S = 20.0
_ATTEMPTS = 3


class DataExport(BaseModel):
    """What is kept of a person, part by part."""

    person: list[dict[str, JsonValue]]
    days: list[dict[str, JsonValue]]
    positions: list[dict[str, JsonValue]]
    refused_check_ins: list[dict[str, JsonValue]]
    held_check_ins: list[dict[str, JsonValue]]
    reviews: list[dict[str, JsonValue]]
    absences: list[dict[str, JsonValue]]
    corrections: list[dict[str, JsonValue]]
    work_elsewhere: list[dict[str, JsonValue]]
    reference_days: list[dict[str, JsonValue]]
    recomputations: list[dict[str, JsonValue]]
    looks: list[dict[str, JsonValue]]


@router.get("/data-export", summary="Export a person's data", responses=answers(DataExport))
async def export_personal_data(employee: str, call: Call) -> Response:
    """Everything attendance keeps of the person, exact positions included, as one document."""
    who = person_of(call, employee)
    asked = ExportPersonalData(employee=who, section=SECTIONS[0])
    first = await call.ask(asked, deadline_s=_PAGE_S)
    if first.result is None:
        return call.tell(first)
    name = {"Content-Disposition": 'attachment; filename="presensi-saya.json"'}
    body = _document(call, asked, ExportPage.model_validate_json(first.result))
    return StreamingResponse(body, media_type="application/json", headers=name)


@router.delete(
    "/positions",
    status_code=202,
    summary="Remove a person's exact positions",
    responses=answers(JobView, "reason_required", status=202),
)
async def forget_positions(
    employee: str, call: Call, reason: Annotated[str, Query(max_length=2_000)] = ""
) -> Response:
    """On the administrator's order, with a reason; offices, minutes and days stay as they are."""
    who = person_of(call, employee)
    if not call.actor.has("admin"):
        raise Refusal("forbidden")  # before the reason is looked at; the service checks it again
    if not reason.strip():
        raise Refusal("reason_required")
    command = ForgetPositions(employee=who, reason=reason)
    return await call.command(command, location="/v1/jobs/{id}")


async def _document(
    call: CallContext, asked: ExportPersonalData, first: ExportPage
) -> AsyncIterator[bytes]:
    """The parts one after the other, page by page; cut off where a part cannot be had."""
    known: ExportPage | None = first
    for place, section in enumerate(SECTIONS):
        yield (b"," if place else b"{") + orjson.dumps(section) + b":["
        cursor, comma = None, b""
        while True:
            part = asked.model_copy(update={"section": section, "cursor": cursor})
            page, known = known or await _page(call, part), None
            for item in page.items:
                yield comma + orjson.dumps(item)
                comma = b","
            if (cursor := page.next_cursor) is None:
                break
        yield b"]"
    yield b"}"


async def _page(call: CallContext, asked: ExportPersonalData) -> ExportPage:
    for _ in range(_ATTEMPTS):
        answer = await call.ask(asked, deadline_s=_PAGE_S)
        if answer.result is not None:
            return ExportPage.model_validate_json(answer.result)
    raise Unavailable("the export cannot be finished")
