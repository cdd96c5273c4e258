"""Files come in, are read again by who may, and end where nothing names them."""

from datetime import datetime, timedelta

from contracts.envelope import Answer, Command, Query, Verdict
from contracts.outcome import Refusal
from contracts.uploads import GetUpload, RegisterUpload, UploadView
from kit.clock import now
from kit.files import FilesAway
from kit.ids import made_at
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.uploads import model
from services.tasks.uploads.model import Upload
from services.tasks.uploads.reading import may_read

handlers: Handlers[Tasks] = Handlers()
log = get_logger(__name__)

_EVERY_S = 60.0
_AT_ONCE = 200
_SWEPT_EVERY_S = 3_600.0


@handlers.handles(RegisterUpload)
async def register_upload(command: Command[RegisterUpload], tasks: Tasks) -> Verdict:
    """Note a file that the gateway has stored, for the caller to name."""
    told, actor = command.body, command.actor
    access.may_send_files(actor)
    if await tasks.uploads.waiting_of(actor.account) >= model.MOST_WAITING:
        raise Refusal("quota_exceeded", most=model.MOST_WAITING)
    decision = model.registered(
        told, account=actor.account, by=actor.employee, at=command.received_at
    )
    return await tasks.uploads.change(
        told.upload, lambda _: decision, command, answer=view, status=201
    )


@handlers.answers(GetUpload)
async def get_upload(query: Query[GetUpload], tasks: Tasks) -> Answer:
    """A file of the caller's, or of something the caller may see."""
    stored = await tasks.uploads.get(query.body.upload)
    if stored is None or not await may_read(query.actor, stored.state, tasks):
        raise Refusal("not_found")
    return Answer(result=view(stored).model_dump_json(), version=stored.version)


@handlers.every(_EVERY_S, "tasks.uploads.expire")
async def let_uploads_expire(tasks: Tasks) -> None:
    """End what nothing named within a day, then delete the bytes of what has ended."""
    moment = now()
    for stored in await tasks.uploads.overdue(moment, _AT_ONCE):
        await tasks.uploads.expire(stored, moment)
    try:
        for stored in await tasks.uploads.to_delete(_AT_ONCE):
            await tasks.uploads.delete_bytes(stored)
    except FilesAway as error:
        log.warning("uploads.not_deleted", reason=str(error))


@handlers.every(_SWEPT_EVERY_S, "tasks.uploads.sweep")
async def sweep(tasks: Tasks) -> None:
    """Delete objects that were stored but never registered: their caller heard no answer."""
    moment = now()
    for days in (1, 2):
        try:
            await sweep_day(tasks, moment - timedelta(days=days), before=moment)
        except FilesAway as error:
            log.warning("uploads.not_swept", reason=str(error))


async def sweep_day(tasks: Tasks, day: datetime, *, before: datetime) -> int:
    """Delete the objects of one day that nobody registered; how many there were.

    A registration waits in its queue for a day at most before its file is given up.
    """
    swept = 0
    for id_ in await tasks.uploads.files.stored_on(day):
        if await tasks.uploads.get(id_) is None and made_before(id_, before):
            await tasks.uploads.files.delete(id_)
            swept += 1
    return swept


def made_before(id_: str, moment: datetime) -> bool:
    """Whether a day has passed since the object was made."""
    return made_at(id_) + model.UNCLAIMED_FOR < moment


def view(stored: Stored[Upload]) -> UploadView:
    """The file as its caller sees it."""
    upload = stored.state
    return UploadView(
        id=stored.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        uploaded_at=upload.at,
        expires_at=upload.ends_at,
    )
