"""Absences that the personnel system approved, from a file over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from contracts.absence_imports import ImportAbsences
from contracts.people import ImportView
from gateway.call import Call
from gateway.problems import answers
from gateway.table_files import documented, table_of

router = APIRouter(tags=["imports"])

_EXAMPLE = (
    "number,nip,kind,from,to,reference,state\n"
    "SIMPEG-2026-0811,199001012020011001,annual_leave,2026-12-21,2026-12-24,,approved\n"
)


@router.post(
    "/v1/imports/absences",
    summary="Import approved absences",
    responses=answers(ImportView),
    openapi_extra=documented(_EXAMPLE),
)
async def import_absences(
    call: Call, request: Request, dry_run: Annotated[bool, Query()] = False
) -> Response:
    """CSV (UTF-8, comma or semicolon) or XLSX; every bad row is listed, the good ones are taken.

    One row is one absence under the `number` it has in the personnel system. Columns: number, nip
    or employee_id, kind, from, to (both dates or both instants), reference, state (`approved`, or
    `withdrawn` for one that was taken back). What is taken over is approved at once; time that is
    spoken for already is refused. The same file again changes nothing. With `dry_run=true` nothing
    is written. Details are in the language of `Accept-Language`.
    """
    content, media_type = await table_of(request)
    body = ImportAbsences(
        content=content, media_type=media_type, dry_run=dry_run, language=call.language
    )
    return await call.command(body)
