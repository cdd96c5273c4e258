"""Who is where now: today's days say it, and are shown to those who may see it."""

from collections.abc import Sequence
from datetime import date, datetime

from contracts.attendance import FollowPresence, GetPresence
from contracts.attendance_views import PresenceView, PresentPerson
from contracts.envelope import Actor, Query
from contracts.outcome import Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from rules.versions import in_force
from rules.working_time import zone
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.days.store import Whereabouts
from services.attendance.own_copies.store import Person
from services.attendance.presence.working_hours import in_working_hours

handlers: Handlers[Attendance] = Handlers()

_CITY_ZONE = "Asia/Jakarta"


@handlers.answers(GetPresence)
async def get_presence(query: Query[GetPresence], attendance: Attendance) -> PresenceView:
    """Who is in an office, who of an agency is where, or where one person is."""
    access.may_see_presence(query.actor)
    body, at = query.body, now()
    asked = [body.office, body.agency, body.employee_id]
    if sum(one is not None for one in asked) != 1:
        raise Refusal.invalid("/office", "ask by exactly one of office, agency, employee_id")
    if body.office is not None:
        rows = await attendance.days.present_in(body.office, _today(at))
        view = await _of_office(query.actor, attendance, body.office, rows, at)
    elif body.agency is not None:
        rows = await _rows_of_agency(attendance, body.agency, _today(at))
        view = await _of_agency(query.actor, attendance, body.agency, rows, at)
    else:
        view = await _of_person(query.actor, attendance, body.employee_id or "", at)
    return view


@handlers.answers(FollowPresence)
async def follow_presence(query: Query[FollowPresence], attendance: Attendance) -> PresenceView:
    """The same for a board that asks every few seconds; boards of one office share a reading."""
    access.may_see_presence(query.actor)
    office, agency, at = query.body.office, query.body.agency, now()
    if (office is None) == (agency is None):
        raise Refusal.invalid("/office", "follow exactly one of office, agency")
    today = _today(at)
    if office is not None:
        rows = await attendance.boards.rows(
            f"office {office} {today}", lambda: attendance.days.present_in(office, today)
        )
        return await _of_office(query.actor, attendance, office, rows, at)
    rows = await attendance.boards.rows(
        f"agency {agency} {today}", lambda: _rows_of_agency(attendance, agency or "", today)
    )
    return await _of_agency(query.actor, attendance, agency or "", rows, at)


def _today(at: datetime) -> date:
    return at.astimezone(zone(_CITY_ZONE)).date()


async def _of_office(
    actor: Actor,
    attendance: Attendance,
    office: str,
    rows: Sequence[Whereabouts],
    at: datetime,
) -> PresenceView:
    versions = (await attendance.copies.offices()).versions.get(office)
    if versions is None:
        raise Refusal("not_found")
    version = in_force(versions, _today(at))
    return PresenceView(
        office=office,
        capacity=version.capacity if version else None,
        present=len(rows),
        people=await _named(actor, attendance, rows, at, office=office),
        as_of=at,
    )


async def _rows_of_agency(attendance: Attendance, agency: str, today: date) -> list[Whereabouts]:
    if not await attendance.copies.knows_agency(agency):
        raise Refusal("not_found")
    tree = await attendance.copies.tree()
    members = await attendance.copies.people.of_agencies(tree.below(agency), today)
    return await attendance.days.whereabouts((person.id for person in members), today)


async def _of_agency(
    actor: Actor,
    attendance: Attendance,
    agency: str,
    rows: Sequence[Whereabouts],
    at: datetime,
) -> PresenceView:
    people = await _named(actor, attendance, rows, at, office=None)
    return PresenceView(agency=agency, present=len(rows), people=people, as_of=at)


async def _of_person(
    actor: Actor, attendance: Attendance, employee: str, at: datetime
) -> PresenceView:
    """Where one person is; colleagues are told in the person's working hours only."""
    person = await attendance.copies.people.get(employee)
    tree = await attendance.copies.tree()
    if person is None:
        raise Refusal("not_found")
    sight = access.sight_of(actor, person, tree, _today(at))
    if sight == access.Sight.NOTHING:
        raise Refusal("not_found")
    found = await attendance.days.whereabouts([employee], _today(at))
    whole = sight == access.Sight.EVERYTHING
    if not found or not (whole or in_working_hours(found[0], at)):
        return PresenceView(present=0, people=(), as_of=at)
    await attendance.access_log.note(actor, "presence", Scope(people=(employee,)))
    present = _present(person, found[0], _today(at), whole=whole)
    return PresenceView(office=present.office, present=1, people=(present,), as_of=at)


async def _named(
    actor: Actor,
    attendance: Attendance,
    rows: Sequence[Whereabouts],
    at: datetime,
    *,
    office: str | None,
) -> tuple[PresentPerson, ...]:
    """Names for those whom the caller may see by name; the others are in the count only."""
    tree, today = await attendance.copies.tree(), _today(at)
    people = await attendance.copies.people.get_many([row.employee for row in rows])
    named = []
    for row in rows:
        if (person := people.get(row.employee)) is None:
            continue
        whole = access.sees_everything(actor, person, tree, today)
        colleague = access.sees_names_of_agency(actor, row.agency, tree)
        if whole or (colleague and in_working_hours(row, at)):
            named.append(_present(person, row, today, whole=whole))
    seen = Scope(people=tuple(one.person.id for one in named), office=office)
    await attendance.access_log.note(actor, "presence", seen)
    return tuple(sorted(named, key=lambda present: (present.person.name, present.person.id)))


def _present(person: Person, row: Whereabouts, today: date, *, whole: bool) -> PresentPerson:
    """The person in the office; since when only for those who may see everything of them."""
    since = row.since.astimezone(zone(_CITY_ZONE)) if whole else None
    return PresentPerson(person=person.shown(today), office=row.office, since=since)
