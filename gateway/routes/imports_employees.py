"""People, posts and accounts from a file over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from contracts.people import ImportEmployees, ImportView
from gateway.call import Call
from gateway.problems import answers
from gateway.table_files import documented, table_of

router = APIRouter(tags=["imports"])

_EXAMPLE = (
    "key,nip,name,employment,agency,position,from,username,roles\n"
    "A-001,,Contoh Pegawai,pppk,BKPSDM,Analis,2026-11-02,contoh,employee:BKPSDM\n"
)


@router.post(
    "/v1/imports/employees",
    summary="Import people, posts and accounts",
    responses=answers(ImportView),
    openapi_extra=documented(_EXAMPLE),
)
async def import_employees(
    call: Call, request: Request, dry_run: Annotated[bool, Query()] = False
) -> Response:
    """CSV (UTF-8, comma or semicolon) or XLSX; every bad row is listed, the good ones are taken.

    One row is one post; a person with several posts has several rows with the same `key`, which
    stand or fall together. Columns: key, nip, name, employment, agency, position, supervisor (a
    key), kind, main, from, until, decree, username, roles (`head:BKPSDM employee:BKPSDM`),
    email. The
    same file again changes nothing. With `dry_run=true` nothing is written.
    """
    content, media_type = await table_of(request)
    body = ImportEmployees(content=content, media_type=media_type, dry_run=dry_run)
    return await call.command(body)
