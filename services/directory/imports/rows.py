"""What a row of the people's file says, and every reason why it cannot be taken.

One row is one post of one person; a person with several posts has several rows with the same key
and the same particulars. ``username`` and ``roles`` make the account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from contracts.directory import AssignmentKind, Day, Email, Employment, Nip, PersonKey
from contracts.envelope import Code, Grant, Value
from contracts.identity import Username
from contracts.people import RejectedRow
from contracts.text import ShortText
from kit.tables import Row

COLUMNS = (
    "key", "nip", "name", "employment", "agency", "position", "supervisor",
    "kind", "main", "from", "until", "decree", "username", "roles", "email",
)  # fmt: skip
REQUIRED = ("key", "name", "employment", "agency", "position", "from")

_TRUE = {"true", "yes", "ya", "1"}
_FALSE = {"false", "no", "tidak", "0"}
_ALLOWED = {
    "key": "1 to 40 letters, digits, . - _ /",
    "nip": "18 digits, or empty",
    "name": "1 to 200 characters on one line",
    "employment": "pns, pppk, pppk_part_time, cpns or non_asn",
    "agency": "the code of an agency",
    "position": "1 to 200 characters on one line",
    "supervisor": "the key of another person, or empty",
    "kind": "definitive, plt, plh, secondment or additional",
    "main": "true or false",
    "from": "a day as YYYY-MM-DD between 1950 and 2100",
    "until": "a day as YYYY-MM-DD not before from, or empty",
    "decree": "1 to 200 characters on one line, or empty",
    "username": "2 to 60 small letters, digits, . - _, or empty",
    "roles": "role or role:AGENCY, separated by spaces; roles are admin, auditor, operator, "
    "subscriber, loader, head, employee",
    "email": "an address like nama@instansi.go.id, or empty",
}


class PostRow(Value):
    """A readable row."""

    row: int
    key: PersonKey
    nip: Nip | None = None
    name: ShortText
    employment: Employment
    agency: Code
    position: ShortText
    supervisor: PersonKey | None = None
    kind: AssignmentKind = "definitive"
    main: bool = True
    from_: Day = Field(alias="from")
    until: Day | None = None
    decree: ShortText | None = None
    username: Username | None = None
    roles: tuple[Grant, ...] = ()
    email: Email | None = None

    @field_validator("main", mode="before")
    @classmethod
    def _says_yes_or_no(cls, value: Any) -> bool:
        word = str(value).lower()
        if word not in _TRUE | _FALSE:
            raise ValueError("must be true or false")
        return word in _TRUE

    @field_validator("roles", mode="before")
    @classmethod
    def _names_roles(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = (part.partition(":") for part in value.replace(",", " ").split())
        return tuple({"role": role, "scope": scope or "*"} for role, _, scope in parts)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "PostRow":
        if self.until is not None and self.until < self.from_:
            raise ValueError("until")
        return self

    @property
    def particulars(self) -> tuple[str | None, ...]:
        """What all rows of a person must agree in."""
        return (self.nip, self.name, self.employment, self.username, self.email)


@dataclass(frozen=True, slots=True)
class Reading:
    """The readable rows, and what is wrong with the others."""

    rows: tuple[PostRow, ...]
    rejected: tuple[RejectedRow, ...]
    broken: Mapping[str, int]  # the people of unreadable rows, and the row


def parse(rows: Sequence[Row]) -> Reading:
    """Read every row; a bad one is listed once per column, with what is allowed there."""
    good: list[PostRow] = []
    bad: list[RejectedRow] = []
    broken: dict[str, int] = {}
    for row in rows:
        cells: dict[str, Any] = {name: cell for name, cell in row.cells.items() if cell}
        try:
            good.append(PostRow.model_validate({**cells, "row": row.number}))
        except ValidationError as error:
            bad += [_rejected(row, column) for column in _columns(error)]
            broken.setdefault(row.cells.get("key", ""), row.number)
    return Reading(tuple(good), tuple(bad), broken)


def _columns(error: ValidationError) -> list[str]:
    named = [str(each["loc"][0]) if each["loc"] else "until" for each in error.errors()]
    return list(dict.fromkeys(named))


def _rejected(row: Row, column: str) -> RejectedRow:
    given = row.cells.get(column, "")
    shown = f"{given[:60]!r} is not allowed" if given else "is missing"
    return RejectedRow(
        row=row.number, column=column, detail=f"{shown}; allowed: {_ALLOWED[column]}"
    )
