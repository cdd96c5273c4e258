"""What a file of absences asks of attendance: which begin, which are withdrawn, which cannot be.

Rows are judged in the order of the file, each with those before it taken: so the second of two rows
that want the same time is the one that is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from contracts.absence_imports import Language
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Refusal, Text
from contracts.people import RejectedRow
from kit.ids import derived_id
from rules.assignments import agencies_on
from services.attendance.absence_imports.rows import (
    AbsenceRow,
    Reading,
    allowed_in,
    rejected,
    worded,
)
from services.attendance.absence_kinds.model import Kind
from services.attendance.absences.model import Absence, Stretch, check_kind
from services.attendance.bookings.model import Booking, Bookings
from services.attendance.own_copies.store import Person

_TWICE = Text("nomor ini sudah ada di baris {row}", "this number stands in row {row} already")
_NOBODY = Text("tidak ada pegawai seperti itu", "there is no such employee")
_NOT_THERE = Text(
    "pegawai tidak bertugas pada {on}", "the employee is in no agency's service on {on}"
)
_OWN = Text(
    "tidak seorang pun memutuskan tentang dirinya sendiri", "nobody decides about themselves"
)
_KIND = Text("pada {on} berlaku: {kinds}", "in force on {on}: {kinds}")
_TAKEN = Text(
    "bertumpang tindih dengan {what} {id}", "overlaps with {what} {id} of the same person"
)
_OTHER = Text(
    "nomor ini sudah diimpor dengan isi lain: tarik dulu (state=withdrawn), lalu pakai nomor baru",
    "this number was imported with other contents: withdraw it first (state=withdrawn), then use"
    " a new number",
)
_ENDED = Text(
    "ketidakhadiran ini sudah ditarik di sini: pakai nomor baru",
    "this absence was withdrawn here: use a new number",
)
_UNKNOWN = Text(
    "tidak ada yang diimpor dengan nomor ini, jadi tidak ada yang ditarik",
    "nothing was imported under this number, so there is nothing to withdraw",
)
_STRETCH = Text(
    "tanggal dengan tanggal (paling lama 366 hari) atau waktu dengan waktu (paling lama 24 jam)",
    "a date with a date (at most 366 days), or an instant with an instant (at most 24 hours)",
)


def absence_id(number: str) -> str:
    """The id of the absence that has this number in the personnel system."""
    return derived_id("imported-absence", number)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What attendance knows of the things that a file names.

    ``known`` are the absences imported under these numbers before, ``bookings`` what of whose time
    is spoken for, ``kinds_on`` which kinds rule a day, ``zone_of`` the zone of an agency,
    ``own`` the employees the caller is or acts for.
    """

    by_nip: Mapping[str, Person]
    by_id: Mapping[str, Person]
    known: Mapping[str, Absence]
    bookings: Mapping[str, Bookings]
    kinds_on: Callable[[date], Mapping[str, Kind]]
    zone_of: Callable[[str], str]
    own: frozenset[str]
    at: datetime
    language: Language


@dataclass(slots=True)
class Plan:
    """What would be done."""

    new: list[tuple[AbsenceRow, Absence]] = field(default_factory=list)
    withdrawn: list[tuple[AbsenceRow, str]] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows are taken over, those that change nothing included."""
        return len(self.new) + len(self.withdrawn) + self.unchanged


class _No(Exception):
    """A row cannot be taken: the column, and why."""

    def __init__(self, column: str, why: Text, **facts: object) -> None:
        super().__init__(column)
        self.column = column
        self.why = Text(why.id.format(**facts), why.en.format(**facts))


def plan(reading: Reading, around: Surroundings) -> Plan:
    """Judge every readable row."""
    made = Plan(rejected=list(reading.rejected))
    taken = dict(around.bookings)
    rows: dict[str, int] = {}
    for row in reading.rows:
        try:
            _only_once(row, rows)
            _judge(row, around, taken, made)
        except _No as no:
            made.rejected.append(rejected(row, no.column, no.why, around.language))
    return made


def people_of(rows: Sequence[AbsenceRow]) -> tuple[set[str], set[str]]:
    """The civil-servant numbers and the ids that rows name."""
    nips = {row.nip for row in rows if row.nip}
    return nips, {row.employee_id for row in rows if row.employee_id}


def _only_once(row: AbsenceRow, rows: dict[str, int]) -> None:
    if row.number in rows:
        raise _No("number", _TWICE, row=rows[row.number])
    rows[row.number] = row.row


def _judge(row: AbsenceRow, around: Surroundings, taken: dict[str, Bookings], made: Plan) -> None:
    id_ = absence_id(row.number)
    known = around.known.get(id_)
    person = around.by_nip.get(row.nip) if row.nip else around.by_id.get(row.employee_id or "")
    named = "nip" if row.nip else "employee_id"
    if person is None:
        raise _No(named, _NOBODY)
    if person.id in around.own:
        raise _No(named, _OWN)
    if row.state == "withdrawn":
        _withdraw(row, known, person, made)
        return
    absence = _absence(row, id_, person, named, around)
    if known is not None:
        _compare(known, absence)
        made.unchanged += 1
        return
    booking = Booking(id_, "absence", *absence.stretch.span(absence.time_zone))
    bookings = taken.get(person.id) or Bookings(person.id)
    other = bookings.overlapping(booking)
    if other is not None:
        raise _No("from", _TAKEN, what=other.what, id=other.id)
    taken[person.id] = bookings.book(booking).state
    made.new.append((row, absence))


def _withdraw(row: AbsenceRow, known: Absence | None, person: Person, made: Plan) -> None:
    if known is None:
        raise _No("number", _UNKNOWN)
    if known.employee != person.id:
        raise _No("number", _OTHER)
    if known.is_live:
        made.withdrawn.append((row, known.id))
    else:
        made.unchanged += 1


def _compare(known: Absence, wanted: Absence) -> None:
    for here, there in (
        (known.employee, wanted.employee),
        (known.kind, wanted.kind),
        (known.stretch, wanted.stretch),
        (known.reference, wanted.reference),
    ):
        if here != there:
            raise _No("number", _OTHER)
    if not known.is_live:
        raise _No("state", _ENDED)


def _absence(
    row: AbsenceRow, id_: str, person: Person, named: str, around: Surroundings
) -> Absence:
    first = row.from_.date() if isinstance(row.from_, datetime) else row.from_
    agencies = agencies_on(person.assignments, first)
    if not agencies or not person.active:
        raise _No(named, _NOT_THERE, on=first)
    time_zone = around.zone_of(agencies[0])
    try:
        stretch = Stretch.read(row.from_, row.to, time_zone)
    except Refusal as refusal:
        raise _No("to", _STRETCH) from refusal
    kinds = around.kinds_on(stretch.first)
    if row.kind not in kinds:
        raise _No("kind", _KIND, on=stretch.first, kinds=", ".join(kinds) or "-")
    kind = kinds[row.kind]
    try:
        check_kind(kind, stretch, row.reference)
    except Refusal as refusal:
        raise _against_kind(refusal, kind) from refusal
    return Absence(
        id=id_,
        employee=EmployeeId(person.id),
        agency=AgencyCode(agencies[0]),
        agencies=agencies,
        requested_at=around.at,
        kind=kind.code,
        counts_as=kind.counts_as,
        status=kind.day_status,
        stretch=stretch,
        time_zone=time_zone,
        reference=row.reference,
        note=worded(Text(f"Impor {row.number}", f"Import {row.number}"), around.language),
    )


def _against_kind(refusal: Refusal, kind: Kind) -> _No:
    column = refusal.problem.errors[0].pointer.lstrip("/")
    sentences = {
        "from": Text("{code} hanya hari penuh: isi tanggal", "{code} takes whole days: give dates"),
        "to": Text("{code}: paling lama {days} hari", "{code}: at most {days} days"),
        "reference": Text("{code} memerlukan nomor surat", "{code} needs the number of its letter"),
    }
    why = sentences.get(column, allowed_in(column))
    return _No(column, why, code=kind.code, days=kind.most_days)
