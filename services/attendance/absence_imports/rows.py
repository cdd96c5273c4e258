"""What a row of the absences' file says, and every reason why it cannot be read.

One row is one absence under the number it has in the personnel system. ``state`` says whether it
stands there or was withdrawn since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from contracts.absence_imports import Language
from contracts.absence_kinds import KindCode
from contracts.directory import Nip
from contracts.envelope import Value
from contracts.outcome import Text
from contracts.people import RejectedRow
from contracts.requests import DateOrInstant, PersonId
from contracts.text import ShortText
from kit.tables import Row

COLUMNS = ("number", "nip", "employee_id", "kind", "from", "to", "reference", "state")
REQUIRED = ("number", "kind", "from", "to")

Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9./\-_]{1,60}$")]
State = Literal["approved", "withdrawn"]

_ALLOWED = {
    "number": Text("1 sampai 60 huruf, angka, . / - _", "1 to 60 letters, digits, . / - _"),
    "nip": Text(
        "18 angka, atau kosong bila ada employee_id", "18 digits, or empty beside an employee_id"
    ),
    "employee_id": Text(
        "id pegawai, atau kosong bila ada nip", "the id of an employee, or empty beside a nip"
    ),
    "kind": Text("kode jenis ketidakhadiran", "the code of a kind of absence"),
    "from": Text(
        "YYYY-MM-DD, atau waktu RFC 3339 dengan selisih zona",
        "YYYY-MM-DD, or an RFC 3339 instant with its offset",
    ),
    "to": Text("seperti from, tidak sebelum from", "like from, not before from"),
    "reference": Text(
        "1 sampai 200 karakter sebaris, atau kosong", "1 to 200 characters on one line, or empty"
    ),
    "state": Text("approved, withdrawn, atau kosong", "approved, withdrawn, or empty"),
}
_MISSING = Text("wajib diisi: {allowed}", "is missing; allowed: {allowed}")
_WRONG = Text("{given} tidak berlaku: {allowed}", "{given} is not allowed; allowed: {allowed}")


class AbsenceRow(Value):
    """A readable row."""

    row: int
    number: Number
    nip: Nip | None = None
    employee_id: PersonId | None = None
    kind: KindCode
    from_: DateOrInstant = Field(alias="from")
    to: DateOrInstant
    reference: ShortText | None = None
    state: State = "approved"

    @model_validator(mode="after")
    def _names_somebody(self) -> "AbsenceRow":
        if (self.nip is None) == (self.employee_id is None):
            raise ValueError("nip")
        return self


@dataclass(frozen=True, slots=True)
class Reading:
    """The readable rows, and what is wrong with the others."""

    rows: tuple[AbsenceRow, ...]
    rejected: tuple[RejectedRow, ...]


def parse(rows: Sequence[Row], language: Language) -> Reading:
    """Read every row; a bad one is listed once per column, with what is allowed there."""
    good: list[AbsenceRow] = []
    bad: list[RejectedRow] = []
    for row in rows:
        cells: dict[str, Any] = {name: cell for name, cell in row.cells.items() if cell}
        try:
            good.append(AbsenceRow.model_validate({**cells, "row": row.number}))
        except ValidationError as error:
            bad += [_unreadable(row, column, language) for column in _columns(error)]
    return Reading(tuple(good), tuple(bad))


def rejected(row: AbsenceRow, column: str, why: Text, language: Language) -> RejectedRow:
    """A row that can be read and not be taken."""
    return RejectedRow(row=row.row, column=column, detail=worded(why, language))


def allowed_in(column: str) -> Text:
    """What a column may hold."""
    return _ALLOWED[column]


def worded(text: Text, language: Language) -> str:
    """The sentence in the language of whoever imports."""
    return text.en if language == "en" else text.id


def _columns(error: ValidationError) -> list[str]:
    named = [str(each["loc"][0]) if each["loc"] else "nip" for each in error.errors()]
    return list(dict.fromkeys(named))


def _unreadable(row: Row, column: str, language: Language) -> RejectedRow:
    given, allowed = row.cells.get(column, ""), worded(_ALLOWED[column], language)
    pattern = worded(_WRONG if given else _MISSING, language)
    detail = pattern.format(given=repr(given[:60]), allowed=allowed)
    return RejectedRow(row=row.number, column=column, detail=detail)
