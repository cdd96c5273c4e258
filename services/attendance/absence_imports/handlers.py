"""Absences taken over from a file, with a dry run that lists every bad row and writes nothing."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from functools import partial

from contracts.absence_imports import ImportAbsences
from contracts.envelope import Command, Verdict
from contracts.outcome import Decision, Refusal, Text
from contracts.people import ImportView
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from kit.tables import read
from services.attendance import access
from services.attendance.absence_imports.plan import Plan, Surroundings, absence_id, people_of, plan
from services.attendance.absence_imports.rows import (
    COLUMNS,
    REQUIRED,
    AbsenceRow,
    Reading,
    parse,
    rejected,
)
from services.attendance.absence_imports.store import AbsenceImport
from services.attendance.absence_kinds.model import kinds_on
from services.attendance.absences.model import Absence
from services.attendance.bookings.model import Booking, Bookings
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.requests.asking import book, is_live
from services.attendance.requests.model import Deed

handlers: Handlers[Attendance] = Handlers()

_AT_ONCE = 64
_LATE = Text(
    "berubah selagi berkas dibaca; ulangi impor",
    "changed while the file was read; repeat the import",
)


@handlers.handles(ImportAbsences)
async def import_absences(command: Command[ImportAbsences], attendance: Attendance) -> Verdict:
    """Take over approved absences; the same file again changes nothing."""
    access.may_import_absences(command.actor)
    if await attendance.absence_imports.get(command.id) is not None:
        return await _conclude(command, attendance, ImportView(accepted=0))
    reading = await asyncio.to_thread(_read, command.body)
    made = await _plan(reading, command, attendance)
    if not command.body.dry_run:
        await _write(made, command, attendance)
    view = ImportView(
        dry_run=command.body.dry_run,
        accepted=made.accepted,
        unchanged=made.unchanged,
        rejected=tuple(sorted(made.rejected, key=lambda bad: (bad.row, bad.column or ""))),
    )
    if command.body.dry_run:
        return Verdict.ok(command, view)
    return await _conclude(command, attendance, view)


async def _conclude(
    command: Command[ImportAbsences], attendance: Attendance, view: ImportView
) -> Verdict:
    done = AbsenceImport(
        account=command.actor.account,
        at=command.received_at,
        accepted=view.accepted,
        unchanged=view.unchanged,
        rejected=view.rejected,
    )
    return await attendance.absence_imports.change(
        command.id, lambda _: Decision(done), command, answer=_view
    )


def _view(stored: Stored[AbsenceImport]) -> ImportView:
    one = stored.state
    return ImportView(accepted=one.accepted, unchanged=one.unchanged, rejected=one.rejected)


def _read(body: ImportAbsences) -> Reading:
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Refusal("malformed", reason="not base64") from error
    return parse(read(content, body.media_type, columns=COLUMNS, required=REQUIRED), body.language)


async def _plan(reading: Reading, command: Command[ImportAbsences], attendance: Attendance) -> Plan:
    nips, ids = people_of(reading.rows)
    by_nip = await attendance.copies.people.by_nip(sorted(nips))
    by_id = await attendance.copies.people.get_many(sorted(ids))
    people = {person.id: person for person in (*by_nip.values(), *by_id.values())}
    numbers = {absence_id(row.number) for row in reading.rows}
    known = await attendance.absences.get_many(numbers)
    around = Surroundings(
        by_nip=by_nip,
        by_id=by_id,
        known={id_: stored.state for id_, stored in known.items()},
        bookings=await _bookings(people, attendance),
        kinds_on=partial(kinds_on, versions=await attendance.absence_kinds.all()),
        zone_of=await attendance.copies.zones(),
        own=access.selves_of(command.actor),
        at=command.received_at,
        language=command.body.language,
    )
    return await asyncio.to_thread(plan, reading, around)


async def _bookings(people: dict[str, Person], attendance: Attendance) -> dict[str, Bookings]:
    """What of whose time is spoken for by requests that still need it."""
    found = await attendance.bookings.of_many(people)
    held = [(who, one) for who, bookings in found.items() for one in bookings.items]
    live = await asyncio.gather(*(is_live(attendance, one.id) for _, one in held))
    kept: dict[str, list[Booking]] = {}
    for (who, one), lives in zip(held, live, strict=True):
        if lives:
            kept.setdefault(who, []).append(one)
    return {who: Bookings(who, tuple(items)) for who, items in kept.items()}


async def _write(made: Plan, command: Command[ImportAbsences], attendance: Attendance) -> None:
    """Write what is new and withdraw what was withdrawn, some at a time."""
    work = [
        *(_begin(row, absence, command, attendance) for row, absence in made.new),
        *(_withdraw(row, id_, command, attendance) for row, id_ in made.withdrawn),
    ]
    rows = [*(row for row, _ in made.new), *(row for row, _ in made.withdrawn)]
    late: list[AbsenceRow] = []
    for start in range(0, len(work), _AT_ONCE):
        done = await asyncio.gather(*work[start : start + _AT_ONCE])
        late += [row for row, ok in zip(rows[start:], done, strict=False) if not ok]
    _drop(made, late, command)


def _drop(made: Plan, late: Sequence[AbsenceRow], command: Command[ImportAbsences]) -> None:
    numbers = {row.number for row in late}
    made.new = [pair for pair in made.new if pair[0].number not in numbers]
    made.withdrawn = [pair for pair in made.withdrawn if pair[0].number not in numbers]
    made.rejected += [rejected(row, "number", _LATE, command.body.language) for row in late]


async def _begin(
    row: AbsenceRow, absence: Absence, command: Command[ImportAbsences], attendance: Attendance
) -> bool:
    """Take the time and store the absence as approved; False where the time was just taken."""
    deed = _deed(command, absence.note)
    begun = absence.begun(deed)
    approved = begun.after("approve", deed)
    cause = Cause.derived(command, "absence", row.number)
    booking = Booking(absence.id, "absence", *absence.stretch.span(absence.time_zone))
    try:
        await book(attendance, absence, booking, cause, zone_name=absence.time_zone)
    except Refusal:
        return False
    await attendance.absences.change(
        absence.id,
        lambda known: (
            Decision(approved, (begun.requested(), approved.decided()))
            if known is None
            else Decision(known)
        ),
        cause,
    )
    return True


async def _withdraw(
    row: AbsenceRow, id_: str, command: Command[ImportAbsences], attendance: Attendance
) -> bool:
    deed = _deed(command, f"Impor {row.number}")

    def decide(known: Absence | None) -> Decision[Absence]:
        if known is None or not known.is_live:
            raise Refusal("wrong_state")
        after = known.after("withdraw", deed)
        return Decision(after, (after.decided(),))

    try:
        cause = Cause.derived(command, "withdraw", row.number)
        await attendance.absences.change(id_, decide, cause)
    except Refusal:
        return False
    return True


def _deed(command: Command[ImportAbsences], note: str) -> Deed:
    actor = command.actor
    return Deed(command.received_at, actor.account, actor.employee, actor.on_behalf_of, note)
