"""Export files of attendance machines."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.attendance import Serial
from contracts.device_lines import (
    MOST_CHARACTERS,
    MOST_LINES,
    ImportLines,
    LineRead,
    LinesTaken,
    OddLine,
    ReadLines,
)
from contracts.outcome import Refusal
from gateway.arrival import arrival_of
from gateway.call import Call
from gateway.machines.lines import as_text
from gateway.problems import answers
from gateway.receipts import PendingReceipt

router = APIRouter(tags=["imports"])

_PATIENCE_S = 25.0
_MOST_SHOWN = 1_000
"""So many of the punches of a preview are shown."""


class AttlogImport(BaseModel):
    """What an export file held and what became of it.

    `stored` are new lines of known people, `unmapped_lines` new lines whose PIN (in `unmapped`) is
    nobody's yet: they are kept and count once it is mapped. `implausible` ones are kept and do not
    count. `pending` parts are stored durably and still being read: their receipts tell.
    """

    lines: int
    stored: int
    duplicates: int
    unmapped_lines: int
    unreadable: list[OddLine]
    implausible: list[OddLine]
    unmapped: list[str]
    punches: list[LineRead]
    pending: list[str]


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
    serial: Annotated[Serial, Query()],
    dry_run: bool = False,  # part of the contract
) -> Response:
    """Read the file as the registered machine's and keep each line once; bad lines are listed.

    With `dry_run=true` nothing is kept, and `punches` shows what would be, the first thousand.
    """
    if not call.actor.has("loader"):
        raise Refusal("forbidden")  # the service checks it again; this spares it the file
    parts = list(_parts(arrival_of(request.scope).body))
    if dry_run:
        return await _preview(call, serial, parts)
    bodies = [ImportLines(serial=serial, first=first, lines=lines) for first, lines in parts]
    told = _Told()
    for verdict in await call.commands(bodies, _PATIENCE_S):
        if isinstance(verdict, PendingReceipt):
            told.pending.append(verdict.id)
        elif verdict.problem is not None or verdict.result is None:
            return call.tell_verdict(verdict)
        else:
            told.add(LinesTaken.model_validate_json(verdict.result))
    return told.response()


async def _preview(
    call: Call, serial: str, parts: Sequence[tuple[int, tuple[str, ...]]]
) -> Response:
    told = _Told()
    for first, lines in parts:
        answer = await call.ask(ReadLines(serial=serial, first=first, lines=lines))
        if answer.problem is not None or answer.result is None:
            return call.tell(answer)
        told.add(LinesTaken.model_validate_json(answer.result))
    return told.response()


def _parts(body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The file in parts of a bounded size, each with the number of its first line.

    An empty file is one empty part, so that its machine is looked for all the same.
    """
    lines = body.removesuffix(b"\n").split(b"\n")
    for start in range(0, len(lines), MOST_LINES):
        part = lines[start : start + MOST_LINES]
        yield start + 1, tuple(as_text(line[: 4 * MOST_CHARACTERS]) for line in part)


class _Told:
    """The parts of a file, added up."""

    def __init__(self) -> None:
        self._parts: list[LinesTaken] = []
        self.pending: list[str] = []

    def add(self, part: LinesTaken) -> None:
        """One more part."""
        self._parts.append(part)

    def response(self) -> Response:
        """The answer about the whole file."""
        parts = self._parts
        view = AttlogImport(
            lines=sum(part.lines for part in parts),
            stored=sum(part.stored for part in parts),
            duplicates=sum(part.duplicates for part in parts),
            unmapped_lines=sum(part.unmapped_lines for part in parts),
            unreadable=[line for part in parts for line in part.unreadable],
            implausible=[line for part in parts for line in part.implausible],
            unmapped=sorted({pin for part in parts for pin in part.unmapped}),
            punches=[line for part in parts for line in part.punches][:_MOST_SHOWN],
            pending=self.pending,
        )
        return Response(view.model_dump_json(), media_type="application/json")
