"""The board follows the days, and is shown to those who may see it."""

import asyncio
from collections.abc import Sequence
from datetime import date

from contracts.attendance import DayChanged, GetPresence
from contracts.attendance_views import PresenceView, PresentPerson
from contracts.envelope import Answer, Event, Query
from contracts.outcome import Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.connection import Document
from rules.versions import in_force
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()

_CITY_ZONE = "Asia/Jakarta"


@handlers.reads("attendance.presence.on-days")
async def follow_day(event: Event[DayChanged], attendance: Attendance) -> None:
    """Show where the person is, and remember that the agency's counts are out of date."""
    await asyncio.gather(
        attendance.presence.take(event),
        attendance.agency_days.mark(event.data.agency, event.data.date),
    )


@handlers.answers(GetPresence)
async def get_presence(query: Query[GetPresence], attendance: Attendance) -> Answer:
    """Who is in an office, who of an agency is where, or where one person is."""
    access.may_see_presence(query.actor)
    asked = [query.body.office, query.body.agency, query.body.employee_id]
    if sum(one is not None for one in asked) != 1:
        raise Refusal.invalid("/office", "ask by exactly one of office, agency, employee_id")
    current = query.after is None or await attendance.presence.wait_for(query.after)
    today = now().astimezone(zone(_CITY_ZONE)).date()
    if query.body.office is not None:
        view = await _of_office(query, attendance, query.body.office, today)
    elif query.body.agency is not None:
        view = await _of_agency(query, attendance, query.body.agency, today)
    else:
        view = await _of_person(query, attendance, query.body.employee_id or "", today)
    return Answer(result=view.model_dump_json(), behind=not current)


async def _of_office(
    query: Query[GetPresence], attendance: Attendance, office: str, today: date
) -> PresenceView:
    versions = (await attendance.copies.offices()).versions.get(office)
    if versions is None:
        raise Refusal("not_found")
    version = in_force(versions, today)
    rows = await attendance.presence.at_office(office, today)
    return PresenceView(
        office=office,
        capacity=version.capacity if version else None,
        present=len(rows),
        people=await _named(query, attendance, rows, today),
        as_of=now(),
    )


async def _of_agency(
    query: Query[GetPresence], attendance: Attendance, agency: str, today: date
) -> PresenceView:
    tree = await attendance.copies.tree()
    if tree.path(agency) == (agency,) and agency not in tree.below("PEMKOT"):
        raise Refusal("not_found")
    members = await attendance.copies.people.of_agencies(tree.below(agency), today)
    ids = [person.id for person in members]
    rows = await attendance.presence.of_people(ids, today)
    people = await _named(query, attendance, rows, today)
    return PresenceView(agency=agency, present=len(rows), people=people, as_of=now())


async def _of_person(
    query: Query[GetPresence], attendance: Attendance, employee: str, today: date
) -> PresenceView:
    person = await attendance.copies.people.get(employee)
    tree = await attendance.copies.tree()
    if person is None or access.sight_of(query.actor, person, tree, today) == access.Sight.NOTHING:
        raise Refusal("not_found")
    row = await attendance.presence.of_person(employee, today)
    if row is None:
        return PresenceView(present=0, people=(), as_of=now())
    whole = access.sight_of(query.actor, person, tree, today) == access.Sight.EVERYTHING
    present = PresentPerson(
        person=person.shown(today),
        office=row["office"],
        since=row["at"].astimezone(zone(_CITY_ZONE)) if whole else None,
    )
    return PresenceView(office=row["office"], present=1, people=(present,), as_of=now())


async def _named(
    query: Query[GetPresence], attendance: Attendance, rows: Sequence[Document], today: date
) -> tuple[PresentPerson, ...]:
    """Names for those whom the caller may see by name; the others are in the count only."""
    tree = await attendance.copies.tree()
    visible = [row for row in rows if access.sees_names_of_agency(query.actor, row["agency"], tree)]
    people = await attendance.copies.people.get_many([row["_id"] for row in visible])
    named = []
    for row in visible:
        person = people.get(row["_id"])
        if person is None:
            continue
        whole = access.sight_of(query.actor, person, tree, today) == access.Sight.EVERYTHING
        since = row["at"].astimezone(zone(_CITY_ZONE)) if whole else None
        named.append(PresentPerson(person=person.shown(today), office=row["office"], since=since))
    return tuple(sorted(named, key=lambda present: present.person.name))
