"""Files over HTTP: sent ahead, named by commands, read again by who may."""

import contextlib
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from contracts.outcome import Refusal
from contracts.uploads import FileName, GetUpload, RegisterUpload, UploadView
from gateway.call import Call
from gateway.desk import Desk
from gateway.media import ALLOWED
from gateway.problems import answers
from gateway.uploading import receive
from kit.files import Files, FilesAway
from kit.ids import new_id
from kit.logging import get_logger
from kit.messaging.client import Unavailable

router = APIRouter(prefix="/v1/uploads", tags=["files"])
log = get_logger(__name__)

_FILE = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ALLOWED}

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the file's id")]


@router.post(
    "",
    status_code=201,
    summary="Send a file",
    responses=answers(UploadView, "quota_exceeded", status=201),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in ALLOWED
            },
        }
    },
)
async def send_file(
    request: Request,
    call: Call,
    name: Annotated[FileName, Query(description="The file's name, as others will see it.")],
    content_type: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Store a file of up to 25 MiB; commands name it by its id. Unnamed ones expire after a day."""
    if call.actor.employee is None:
        raise Refusal("forbidden")  # the service checks it again; this spares it the file
    id_ = new_id()
    try:
        received = await receive(request, content_type)
        with received.file:
            await _files(request).put(id_, received.file)
    except FilesAway as error:
        log.error("upload.not_stored", reason=str(error))
        raise Unavailable("the object store takes nothing now") from error
    call.body_is(received.sha256, received.media_type)
    command = RegisterUpload(
        upload=id_,
        file_name=name,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
    )
    told = await call.command(command, location="/v1/uploads/{id}")
    if told.status_code != 202 and id_.encode() not in bytes(told.body):
        await _forget(request, id_)  # refused, or the same key again: another file stands for it
    return told


@router.get("/{id}", summary="Show a file", responses=answers(UploadView))
async def show_file(call: Call, id_: Id) -> Response:
    """What is known of a file: an own one, or one of something you may see."""
    return await call.query(GetUpload(upload=id_))


@router.get(
    "/{id}/content",
    summary="Fetch a file",
    responses={
        **answers(None),
        200: {
            "description": "The file, to be saved; never shown or carried out in place.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in ALLOWED
            },
        },
    },
)
async def fetch_file(request: Request, call: Call, id_: Id) -> Response:
    """The bytes of a file that you sent, or that belongs to something you may see."""
    answer = await call.ask(GetUpload(upload=id_))
    if answer.result is None:
        return call.tell(answer)
    known = UploadView.model_validate_json(answer.result)
    try:
        content = await _files(request).read(known.id)
    except FilesAway as error:
        raise Unavailable("the object store gives nothing now") from error
    if content is None:
        raise Refusal("not_found")
    return StreamingResponse(
        content,
        media_type=known.media_type,
        headers={
            "Content-Length": str(known.size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(known.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": f'"sha256-{known.sha256}"',
        },
    )


async def _forget(request: Request, id_: str) -> None:
    """Delete what nobody knows of; where that fails, the sweep of the task service does it."""
    with contextlib.suppress(FilesAway):
        await _files(request).delete(id_)


def _files(request: Request) -> Files:
    desk: Desk = request.app.state.desk
    return desk.files
