"""What every request for a decision shares: its states, its history, and how it is decided.

Absences, corrections, work elsewhere and general acts are requests: somebody asks, one person who
may decides, and every step stays with who, when and why.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from contracts.directory import Day
from contracts.envelope import Value
from contracts.people import PersonView
from contracts.text import LongText, ShortText

RequestState = Literal["pending", "approved", "rejected", "withdrawn", "revoked"]
RequestAction = Literal["request", "approve", "reject", "withdraw", "revoke", "report"]

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,64}$")]
Attachments = Annotated[tuple[ShortText, ...], Field(max_length=10)]
"""References of files: ids of uploads, or numbers in the records system."""

Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("1950-01-01T00:00:00Z"),
        le=datetime.fromisoformat("2100-12-31T23:59:59Z"),
    ),
]
"""A moment that a person may enter."""

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_LENGTH_OF_A_DATE = 10


def _read(said: object) -> date | datetime:
    """A text of ten characters is a date, whatever else is an instant: never one for the other."""
    is_date = isinstance(said, date) and not isinstance(said, datetime)
    is_date |= isinstance(said, str) and len(said.strip()) == _LENGTH_OF_A_DATE
    if not isinstance(said, (str, date)):
        raise ValueError(_DATE_OR_INSTANT)  # noqa: TRY004  # pydantic reports value errors
    try:
        return _DAY.validate_python(said) if is_date else _INSTANT.validate_python(said)
    except ValidationError as error:
        raise ValueError(_DATE_OR_INSTANT) from error


def _write(value: date | datetime) -> str:
    return value.isoformat()


_DATE_OR_INSTANT = (
    "YYYY-MM-DD, atau waktu RFC 3339 dengan selisih zona; "
    "YYYY-MM-DD, or an RFC 3339 instant with its offset"
)

DateOrInstant = Annotated[
    date | datetime,
    PlainValidator(_read),
    PlainSerializer(_write, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]
"""A whole day, or a moment."""


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Note = Annotated[LongText | Literal[""], BeforeValidator(_trimmed)]
"""Several lines or nothing; where something is needed, the rule says ``reason_required``."""


class NoteOf(Value):
    """What whoever decides says about it; a rejection needs a reason."""

    note: Note = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "Sesuai surat tugas."}]})


class OnRequest(NoteOf):
    """Which request a decision is about; ``if_match`` is the version that was seen."""

    id: RequestId
    if_match: int | None = Field(default=None, ge=0)


class StepView(Value):
    """One step of a request: who did what, when, in whose name, and what was said."""

    at: AwareDatetime
    action: RequestAction
    state: RequestState
    by: PersonView | None = None
    account: str
    on_behalf_of: PersonView | None = None
    note: str = ""


class RequestView(Value):
    """What every request shows: whose it is, how it stands, its history, what may be done now."""

    id: str
    state: RequestState
    requested_at: AwareDatetime
    history: tuple[StepView, ...]
    actions: tuple[RequestAction, ...] = ()
    version: int
