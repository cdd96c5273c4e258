"""Kinds of absence are entered by the administrator, and shown to everybody of the city."""

from contracts.absence_kinds import AddAbsenceKind
from contracts.absences import KindsView, KindView, ListAbsenceKinds
from contracts.envelope import Command, Query, Verdict
from contracts.outcome import Decision
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.absence_kinds.model import EnteredKind, kinds_on
from services.attendance.context import Attendance
from services.attendance.requests.onlooker import onlooker_of

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(AddAbsenceKind)
async def add_absence_kind(command: Command[AddAbsenceKind], attendance: Attendance) -> Verdict:
    """Enter a version; absences that were asked for keep what their kind meant then."""
    access.may_set_policies(command.actor)
    kind, written_at = command.body.kind, now()

    def decide(known: EnteredKind | None) -> Decision[EnteredKind]:
        standing = known or EnteredKind(kind.code, (), written_at)
        return standing.enter(kind, recorded_at=command.received_at, written_at=written_at)

    return await attendance.absence_kinds.change(
        kind.code, decide, command, answer=lambda stored: _newest(stored.state)
    )


def _newest(entered: EnteredKind) -> KindView:
    return entered.versions[-1].shown()


@handlers.answers(ListAbsenceKinds)
async def list_absence_kinds(query: Query[ListAbsenceKinds], attendance: Attendance) -> KindsView:
    """Every kind of absence in force on a day, by default today."""
    onlooker = await onlooker_of(query, attendance)
    access.may_see_presence(query.actor)
    on = query.body.on or onlooker.today
    kinds = kinds_on(on, await attendance.absence_kinds.all())
    return KindsView(items=tuple(kind.shown() for kind in kinds.values()))
