"""Duty rosters from a file over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from contracts.envelope import Code
from contracts.people import ImportView
from contracts.policies import Month
from contracts.roster_imports import ImportRoster
from gateway.call import Call
from gateway.problems import answers
from gateway.table_files import documented, table_of

router = APIRouter(tags=["imports"])

_EXAMPLE = (
    "nip,date,shift,start,end\n"
    "199001012020011001,2026-12-01,malam,21:00,07:00\n"
    "199001012020011001,2026-12-02,,,\n"
)


@router.post(
    "/v1/imports/rosters",
    summary="Import a duty roster",
    responses=answers(ImportView),
    openapi_extra=documented(_EXAMPLE),
)
async def import_roster(
    call: Call,
    request: Request,
    agency: Annotated[Code, Query()],
    period: Annotated[Month, Query(description="A month, `2026-12`.")],
    dry_run: Annotated[bool, Query()] = False,
) -> Response:
    """CSV (UTF-8, comma or semicolon) or XLSX; every bad row is listed, the good ones are taken.

    One row is one person's shift on one day: nip or employee_id, date, shift (empty: a free day),
    and the hours `start` and `end` of a shift that the roster does not know yet. What the file does
    not name stays. The same file again changes nothing. With `dry_run=true` nothing is written.
    Details are in the language of `Accept-Language`.
    """
    content, media_type = await table_of(request)
    body = ImportRoster(
        agency=agency,
        period=period,
        content=content,
        media_type=media_type,
        dry_run=dry_run,
        language=call.language,
    )
    return await call.command(body)
