"""A file of rows in a request: CSV or XLSX, as the body itself or as a form's field ``file``."""

from base64 import b64encode
from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from contracts.outcome import Refusal
from contracts.people import FileType
from gateway.arrival import arrival_of

MOST = 2 * 1024 * 1024
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM = "multipart/form-data"

_BINARY = {"schema": {"type": "string", "format": "binary"}}


def documented(example: str) -> dict[str, Any]:
    """How OpenAPI tells of such a body."""
    return {
        "requestBody": {
            "required": True,
            "content": {
                CSV: {"schema": {"type": "string"}, "example": example},
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


async def table_of(request: Request) -> tuple[str, FileType]:
    """The file in base64 and what it is; refused where it is too large or something else."""
    content, media_type = await _file(request)
    if len(content) > MOST:
        raise Refusal("body_too_large", limit_bytes=MOST)
    return b64encode(content).decode(), media_type


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
