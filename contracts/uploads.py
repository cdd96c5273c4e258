"""Files that callers send ahead: what the gateway has stored, and who may read it again.

The bytes go from the gateway to the object store; only what is said about them comes here. A
command then names the upload by its id; one that no command has named within a day expires.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.envelope import CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.text import ShortText

MOST_BYTES = 25 * 1024 * 1024
"""The largest file that is taken."""

MediaType = Literal[
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/webp",
    "text/plain",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
]
"""What may be kept: documents, tables, pictures; nothing that a program would carry out."""

UploadId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _a_bare_name(name: str) -> str:
    if any(character in name for character in '/\\"') or name in {".", ".."}:
        raise ValueError('must be a file name without /, \\ or "')
    return name


FileName = Annotated[ShortText, AfterValidator(_a_bare_name)]


class RegisterUpload(CommandBody, name="tasks.register_upload", feature="tasks.uploads"):
    """A file has been stored completely; from now on its caller can name it."""

    upload: UploadId
    file_name: FileName
    media_type: MediaType
    size: int = Field(ge=1, le=MOST_BYTES)
    sha256: Sha256


class UploadView(Value):
    """A stored file, as its caller sees it; `expires_at` is null once something refers to it."""

    id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    uploaded_at: AwareDatetime
    expires_at: AwareDatetime | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21",
                    "name": "daftar-peserta.pdf",
                    "media_type": "application/pdf",
                    "size": 48_213,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "uploaded_at": "2026-11-24T08:20:00+07:00",
                    "expires_at": "2026-11-25T08:20:00+07:00",
                }
            ]
        }
    )


class GetUpload(QueryBody, name="tasks.get_upload"):
    """A file that the caller may read: an own one, or one of something the caller may see."""

    upload: UploadId


class AttachmentView(Value):
    """A file of a task or a request; its bytes are at `/v1/uploads/{id}/content`."""

    id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    at: AwareDatetime
    by: EmployeeId | None = None


class UploadFacts(EventData):
    """A stored file without its name: kind, size and whether anything refers to it."""

    upload: str
    media_type: MediaType
    size: int
    at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """A scanned letter."""
        return cls(
            upload="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21",
            media_type="application/pdf",
            size=48_213,
            at="2026-11-24T01:20:00Z",  # type: ignore[arg-type]  # pydantic reads it
        )


class UploadRegistered(UploadFacts, type="tasks.upload.registered.v1"):
    """A file was stored."""


class UploadClaimed(UploadFacts, type="tasks.upload.claimed.v1"):
    """A task or a help request refers to the file: it stays as long as that."""


class UploadExpired(UploadFacts, type="tasks.upload.expired.v1"):
    """Nothing referred to the file within a day: it is deleted."""
