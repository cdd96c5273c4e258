"""People, posts and accounts from a file over HTTP."""

from base64 import b64encode
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from contracts.outcome import Refusal
from contracts.people import FileType, ImportEmployees, ImportView
from gateway.arrival import arrival_of
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["imports"])

MOST = 2 * 1024 * 1024
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM = "multipart/form-data"

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {
                "schema": {"type": "string"},
                "example": (
                    "key,nip,name,employment,agency,position,from,username,roles\n"
                    "A-001,,Contoh Pegawai,pppk,BKPSDM,Analis,2026-11-02,contoh,employee:BKPSDM\n"
                ),
            },
            XLSX: _BINARY,
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


@router.post(
    "/v1/imports/employees",
    summary="Import people, posts and accounts",
    responses=answers(ImportView),
    openapi_extra=_BODY,
)
async def import_employees(
    call: Call, request: Request, dry_run: Annotated[bool, Query()] = False
) -> Response:
    """CSV (UTF-8, comma or semicolon) or XLSX; every bad row is listed, the good ones are taken.

    One row is one post; a person with several posts has several rows with the same `key`, which
    stand or fall together. Columns: key, nip, name, employment, agency, position, supervisor (a
    key), kind, main, from, until, decree, username, roles (`head:BKPSDM employee:BKPSDM`). The
    same file again changes nothing. With `dry_run=true` nothing is written.
    """
    content, media_type = await _file(request)
    if len(content) > MOST:
        raise Refusal("body_too_large", limit_bytes=MOST)
    body = ImportEmployees(
        content=b64encode(content).decode(), media_type=media_type, dry_run=dry_run
    )
    return await call.command(body)


async def _file(request: Request) -> tuple[bytes, FileType]:
    """The file and what it is, from the body itself or a form's field ``file``."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != _FORM:
        return arrival_of(request.scope).body, _known(said, "")
    try:
        form = await request.form(max_files=1, max_fields=10)
    except (HTTPException, FormParserError) as error:
        raise Refusal("malformed") from error
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Refusal.invalid("/file", "is required")
    kind = (file.content_type or "").partition(";")[0].strip().lower()
    return await file.read(), _known(kind, file.filename or "")


def _known(media_type: str, name: str) -> FileType:
    if media_type == CSV or name.lower().endswith(".csv"):
        return CSV
    if media_type == XLSX or name.lower().endswith(".xlsx"):
        return XLSX
    raise Refusal("unsupported_media_type", allowed=f"{CSV}, {XLSX}")
