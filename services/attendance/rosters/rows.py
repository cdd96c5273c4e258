"""What the rows of a roster's file say, and every reason why one cannot be taken. Pure.

One row is one person's shift on one day; an empty shift is a free day. The hours of a shift stand
in any of its rows, or are those it has in the roster already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError, model_validator

from contracts.absence_imports import Language
from contracts.directory import Day, Nip
from contracts.envelope import Value
from contracts.outcome import Text
from contracts.people import RejectedRow
from contracts.policies import Clock, HoursTerms
from contracts.requests import PersonId
from contracts.rosters import RosterPerson, RosterRequest, ShiftCode, days_of
from kit.tables import Row
from services.attendance.rosters.model import Roster

COLUMNS = ("nip", "employee_id", "date", "shift", "start", "end")
REQUIRED = ("date", "shift")

_ALLOWED = {
    "nip": Text(
        "18 angka, atau kosong bila ada employee_id", "18 digits, or empty beside an employee_id"
    ),
    "employee_id": Text(
        "id pegawai, atau kosong bila ada nip", "the id of an employee, or empty beside a nip"
    ),
    "date": Text("YYYY-MM-DD", "YYYY-MM-DD"),
    "shift": Text(
        "kode giliran (huruf, angka, -), kosong untuk hari bebas",
        "the code of a shift (letters, digits, -), empty for a free day",
    ),
    "start": Text("JJ:MM bersama end, atau kosong", "HH:MM together with end, or empty"),
    "end": Text("JJ:MM bersama start, atau kosong", "HH:MM together with start, or empty"),
}
_BAD = Text("{given} tidak berlaku: {allowed}", "{given} is not allowed; allowed: {allowed}")
_MISSING = Text("wajib diisi: {allowed}", "is missing; allowed: {allowed}")
_NOBODY = Text(
    "tidak ada pegawai seperti itu yang bertugas di {agency} pada {period}",
    "there is no such employee with a post in {agency} in {period}",
)
_OTHER_MONTH = Text("hari dalam {period}", "a day of {period}")
_TWICE = Text("pegawai dan hari ini sudah ada di baris {row}", "stands in row {row} already")
_NO_HOURS = Text(
    "jam giliran {shift} belum diketahui: isi start dan end",
    "the hours of {shift} are not known yet: state start and end",
)
_OTHER_HOURS = Text(
    "jam giliran {shift} di baris {row} lain: {start}–{end}",
    "{shift} has other hours in row {row}: {start}–{end}",
)


class EntryRow(Value):
    """A readable row."""

    row: int
    nip: Nip | None = None
    employee_id: PersonId | None = None
    date: Day
    shift: ShiftCode | None = None
    start: Clock | None = None
    end: Clock | None = None

    @model_validator(mode="after")
    def _fits(self) -> "EntryRow":
        if (self.nip is None) == (self.employee_id is None):
            raise ValueError("nip")
        if (self.start is None) != (self.end is None):
            raise ValueError("start" if self.start is None else "end")
        return self


@dataclass(frozen=True, slots=True)
class Reading:
    """The readable rows, and what is wrong with the others."""

    rows: tuple[EntryRow, ...]
    rejected: tuple[RejectedRow, ...]


@dataclass(slots=True)
class Merged:
    """The roster that follows, how many rows change nothing, and the rows that cannot be taken."""

    request: RosterRequest
    accepted: int = 0
    unchanged: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)


def parse(rows: Sequence[Row], language: Language) -> Reading:
    """Read every row; a bad one is listed once per column, with what is allowed there."""
    good: list[EntryRow] = []
    bad: list[RejectedRow] = []
    for row in rows:
        cells: dict[str, Any] = {name: cell for name, cell in row.cells.items() if cell}
        try:
            good.append(EntryRow.model_validate({**cells, "row": row.number}))
        except ValidationError as error:
            bad += [_unreadable(row, column, language) for column in _columns(error)]
    return Reading(tuple(good), tuple(bad))


def merge(
    reading: Reading,
    standing: Roster | None,
    members: Mapping[str, str],
    *,
    agency: str,
    period: str,
    language: Language,
) -> Merged:
    """The standing roster with the rows' entries instead of those of the same person and day.

    ``members`` are those with a post in the agency that month: ids by civil-servant number and id.
    """
    shifts = dict(standing.shifts) if standing else {}
    people = {who: dict(days) for who, days in standing.people.items()} if standing else {}
    made = Merged(RosterRequest(shifts={}, people=()), rejected=list(reading.rejected))
    said = _hours(reading.rows)
    seen: dict[tuple[str, str], int] = {}
    for row in reading.rows:
        who, on = members.get(row.nip or row.employee_id or ""), row.date.isoformat()
        problem = _problem(row, who, said, shifts, agency=agency, period=period)
        if problem is None and who is not None and (who, on) in seen:
            problem = "date", _TWICE, {"row": seen[who, on]}
        if problem is not None or who is None:
            column, why, facts = problem or ("nip", _NOBODY, {})
            detail = _worded(why, language).format(**facts)
            made.rejected.append(RejectedRow(row=row.row, column=column, detail=detail))
            continue
        seen[who, on] = row.row
        made.accepted += 1
        hours = said[row.shift][1] if row.shift in said else None
        same = people.get(who, {}).get(on, "-") == row.shift
        if same and (hours is None or row.shift is None or _same(shifts[row.shift], hours)):
            made.unchanged += 1
        people.setdefault(who, {})[on] = row.shift
        if row.shift is not None and hours is not None:
            known = shifts.get(row.shift)
            shifts[row.shift] = known if known and _same(known, hours) else hours
    made.request = _request(shifts, people)
    return made


def _same(one: HoursTerms, other: HoursTerms) -> bool:
    """Whether both are the same hours; a file says nothing of breaks."""
    return (one.start, one.end) == (other.start, other.end)


def _request(
    shifts: Mapping[str, HoursTerms], people: Mapping[str, Mapping[str, str | None]]
) -> RosterRequest:
    listed = (
        RosterPerson.model_validate({"employee_id": who, "days": days})
        for who, days in sorted(people.items())
    )
    return RosterRequest(shifts=dict(shifts), people=tuple(listed))


def _hours(rows: Iterable[EntryRow]) -> dict[str, tuple[int, HoursTerms]]:
    """The hours that the file states of each shift, and the first row that does."""
    found: dict[str, tuple[int, HoursTerms]] = {}
    for row in rows:
        if row.shift is not None and row.start is not None and row.end is not None:
            found.setdefault(row.shift, (row.row, HoursTerms(start=row.start, end=row.end)))
    return found


_Problem = tuple[str, Text, dict[str, object]]


def _problem(
    row: EntryRow,
    who: str | None,
    said: Mapping[str, tuple[int, HoursTerms]],
    shifts: Mapping[str, HoursTerms],
    *,
    agency: str,
    period: str,
) -> _Problem | None:
    first, last = days_of(period)
    if who is None:
        named = "nip" if row.nip else "employee_id"
        return named, _NOBODY, {"agency": agency, "period": period}
    if not first <= row.date <= last:
        return "date", _OTHER_MONTH, {"period": period}
    if row.shift is None:
        return None
    if row.shift not in said and row.shift not in shifts:
        return "shift", _NO_HOURS, {"shift": row.shift}
    if row.start is not None and row.shift in said:
        place, hours = said[row.shift]
        if (row.start, row.end) != (hours.start, hours.end):
            facts = {"shift": row.shift, "row": place, "start": hours.start, "end": hours.end}
            return "start", _OTHER_HOURS, facts
    return None


def _columns(error: ValidationError) -> list[str]:
    named = []
    for each in error.errors():
        told = each["msg"].removeprefix("Value error, ")
        named.append(str(each["loc"][0]) if each["loc"] else told)
    return list(dict.fromkeys(named))


def _unreadable(row: Row, column: str, language: Language) -> RejectedRow:
    given, allowed = row.cells.get(column, ""), _worded(_ALLOWED[column], language)
    detail = _worded(_BAD if given else _MISSING, language)
    return RejectedRow(
        row=row.number,
        column=column,
        detail=detail.format(given=repr(given[:60]), allowed=allowed),
    )


def _worded(text: Text, language: Language) -> str:
    return text.en if language == "en" else text.id
