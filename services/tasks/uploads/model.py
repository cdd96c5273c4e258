"""A stored file: whose it is, what refers to it, and when it ends if nothing does; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from contracts import uploads
from contracts.envelope import EmployeeId
from contracts.outcome import Decision, Refusal
from contracts.uploads import MediaType, RegisterUpload

UNCLAIMED_FOR = timedelta(days=1)
"""So long a file waits to be named."""

MOST_WAITING = 200
"""So many files of an account may wait at a time: who sends on has forgotten to name them."""

State = Literal["waiting", "claimed", "expired"]
Kind = Literal["task", "help_request"]


@dataclass(frozen=True, slots=True)
class Owner:
    """What a file belongs to."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a file; its bytes lie in the object store under its id."""

    name: str
    media_type: MediaType
    size: int
    sha256: str
    account: str
    by: EmployeeId | None
    at: datetime
    state: State = "waiting"
    ends_at: datetime | None = None
    owner: Owner | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the task or request that it belongs to remembers it."""

    id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    at: datetime
    by: EmployeeId | None = None


def registered(
    told: RegisterUpload, *, account: str, by: EmployeeId | None, at: datetime
) -> Decision[Upload]:
    """The file as it stands when it has come in."""
    upload = Upload(
        name=told.file_name,
        media_type=told.media_type,
        size=told.size,
        sha256=told.sha256,
        account=account,
        by=by,
        at=at,
        ends_at=at + UNCLAIMED_FOR,
    )
    return Decision(upload, (_facts(told.upload, upload, uploads.UploadRegistered, at),))


def claim(
    id_: str, upload: Upload | None, owner: Owner, *, account: str, at: datetime
) -> Decision[Upload]:
    """Let the file belong to something: an own one that belongs to nothing else yet."""
    if upload is None or upload.account != account or upload.state == "expired":
        raise Refusal.invalid("/upload", "is not a file that you have sent in the last day")
    if upload.owner == owner:
        return Decision(upload)
    if upload.owner is not None:
        raise Refusal.invalid("/upload", "belongs to something else already; send it again")
    claimed = replace(upload, state="claimed", owner=owner, ends_at=None)
    return Decision(claimed, (_facts(id_, claimed, uploads.UploadClaimed, at),))


def release(upload: Upload, owner: Owner, *, at: datetime) -> Decision[Upload]:
    """What claimed the file did not take it after all: it waits for a day again."""
    if upload.owner != owner:
        return Decision(upload)
    return Decision(replace(upload, state="waiting", owner=None, ends_at=at + UNCLAIMED_FOR))


def expire(id_: str, upload: Upload, *, at: datetime) -> Decision[Upload]:
    """Nothing named the file in time."""
    if upload.state != "waiting" or upload.ends_at is None or at < upload.ends_at:
        return Decision(upload)
    expired = replace(upload, state="expired", ends_at=None)
    return Decision(expired, (_facts(id_, expired, uploads.UploadExpired, at),))


def attachment(id_: str, upload: Upload, at: datetime) -> Attachment:
    """What the owner remembers."""
    return Attachment(
        id=id_,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        at=at,
        by=upload.by,
    )


def _facts(
    id_: str, upload: Upload, type_: type[uploads.UploadFacts], at: datetime
) -> uploads.UploadFacts:
    told: dict[str, Any] = {"media_type": upload.media_type, "size": upload.size}
    return type_(upload=id_, at=at, **told)
