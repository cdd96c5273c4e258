"""A roster from a file: tried dry, or entered row by row into the roster that stands."""

import asyncio
import base64
import binascii

from contracts.envelope import Command, Verdict
from contracts.outcome import Decision, Refusal
from contracts.people import ImportView
from contracts.roster_imports import ImportRoster
from contracts.rosters import days_of
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.tables import read
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.rosters.model import Roster
from services.attendance.rosters.rows import COLUMNS, REQUIRED, Merged, Reading, merge, parse

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(ImportRoster)
async def import_roster(command: Command[ImportRoster], attendance: Attendance) -> Verdict:
    """Enter the good rows; the same file again changes nothing."""
    body, tree = command.body, await attendance.copies.tree()
    access.may_plan_shifts(command.actor, body.agency, tree)
    await attendance.copies.must_know(body.agency)
    reading = await asyncio.to_thread(_read, body)
    members = await _members(body, attendance)
    written_at = now()

    def merged(standing: Roster | None) -> Merged:
        return merge(
            reading,
            standing,
            members,
            agency=body.agency,
            period=body.period,
            language=body.language,
        )

    def decide(standing: Roster | None) -> Decision[Roster]:
        return Roster.entered(
            standing,
            body.agency,
            body.period,
            merged(standing).request,
            recorded_at=command.received_at,
            written_at=written_at,
        )

    stored = await attendance.rosters.get(body.agency, body.period)
    seen = stored.state if stored else None
    view = _view(merged(seen), dry_run=body.dry_run)
    if body.dry_run:
        decide(seen)  # refuses what the roster itself would
    if body.dry_run or not view.accepted:
        return Verdict.ok(command, view)
    return await attendance.rosters.change(
        body.agency, body.period, decide, command, answer=lambda _: view, status=200, if_match=None
    )


def _view(made: Merged, *, dry_run: bool) -> ImportView:
    return ImportView(
        dry_run=dry_run,
        accepted=made.accepted,
        unchanged=made.unchanged,
        rejected=tuple(sorted(made.rejected, key=lambda bad: (bad.row, bad.column or ""))),
    )


def _read(body: ImportRoster) -> Reading:
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Refusal("malformed", reason="not base64") from error
    rows = read(content, body.media_type, columns=COLUMNS, required=REQUIRED)
    return parse(rows, body.language)


async def _members(body: ImportRoster, attendance: Attendance) -> dict[str, str]:
    """Everybody with a post in the agency, or below it, that month, by id and by number."""
    tree = await attendance.copies.tree()
    there = await attendance.copies.people.employed_in(
        tree.below(body.agency), *days_of(body.period)
    )
    by_id = {person.id: person.id for person in there}
    return by_id | {person.nip: person.id for person in there if person.nip}
