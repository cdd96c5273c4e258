"""Days of the old system come in; where they differ from ours is listed with the reason."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

from contracts.envelope import AgencyCode, Command, EmployeeId, Query, Verdict
from contracts.outcome import Refusal
from contracts.reference_days import (
    ComparedDay,
    ImportReferenceDay,
    ListReferenceDifferences,
    ReferenceDifference,
    ReferenceDifferences,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage import pages
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.periods.model import days_of
from services.attendance.recaps.members import Members
from services.attendance.recaps.store import DatedDay
from services.attendance.reference_days.model import ReferenceDay, Side, differences

handlers: Handlers[Attendance] = Handlers()

_PEOPLE_AT_ONCE = 100


@handlers.handles(ImportReferenceDay)
async def import_reference_day(
    command: Command[ImportReferenceDay], attendance: Attendance
) -> Verdict:
    """Keep what the old system says of a day, to be compared; it changes no day."""
    access.may_import_reference_days(command.actor)
    body = command.body
    person = await _person(attendance, body)
    main = main_on(person.assignments, body.date)
    agency = AgencyCode(main.agency) if main else None
    day = ReferenceDay(
        employee=EmployeeId(person.id),
        date=body.date,
        first_in=body.first_in,
        last_out=body.last_out,
        late_minutes=body.late_minutes,
        status=body.status,
        agency=agency,
    )
    time_zone = await attendance.copies.zone_of(agency or "")
    return await attendance.reference_days.put(command, day, time_zone)


@handlers.answers(ListReferenceDifferences)
async def list_reference_differences(
    query: Query[ListReferenceDifferences], attendance: Attendance
) -> ReferenceDifferences:
    """Where both systems differ in a month, person by person; counted on the first page."""
    body, tree = query.body, await attendance.copies.tree()
    access.may_read_recaps(query.actor, body.agency, tree)
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    first, last = days_of(body.period)
    seen = Scope(agency=body.agency, exact=body.exact, first=first, last=last)
    await attendance.access_log.note(query.actor, "recap", seen)
    members = await attendance.member_lists.of(body.agency, first, last, exact=body.exact)
    behind = pages.decode(body.paging.cursor) if body.paging.cursor else None
    found: list[tuple[tuple[str, str], ReferenceDifference]] = []
    counts: Counter[str] = Counter()
    async for key, one in _differences(attendance, members, first, last, behind):
        counts[one.reason] += 1
        if len(found) <= body.paging.limit and (not body.reason or one.reason in body.reason):
            found.append((key, one))
        if behind is not None and len(found) > body.paging.limit:
            break
    page = found[: body.paging.limit]
    return ReferenceDifferences(
        agency=body.agency,
        period=body.period,
        items=tuple(one for _, one in page),
        next_cursor=pages.encode(*page[-1][0]) if len(found) > len(page) else None,
        days=sum(counts.values()) if behind is None else None,
        counts=dict(counts) if behind is None else None,
        as_of=now(),
    )


async def _differences(
    attendance: Attendance,
    members: Members,
    first: date,
    last: date,
    behind: tuple[str, str] | None,
) -> AsyncIterator[tuple[tuple[str, str], ReferenceDifference]]:
    """Every difference behind a key, with its own; keys are agency, name and id, and the date."""
    people = members.people
    if behind is not None:
        people = tuple(one for one in people if (one[0], one[1].id) >= (behind[0], behind[1][:-11]))
    for start in range(0, len(people), _PEOPLE_AT_ONCE):
        batch = people[start : start + _PEOPLE_AT_ONCE]
        those = [person for _, person in batch]
        ours = await attendance.recap_days.of(those, first, last)
        theirs = await attendance.reference_days.months.of(those, first, last)
        for key, person in batch:
            here = {one.on: one for one in ours[person.id] if one.agency in members.agencies}
            there = {one.date: one for one in theirs[person.id]}
            for on in sorted(here.keys() | there.keys()):
                place = (key, f"{person.id}:{on}")
                if behind is not None and place <= behind:
                    continue
                if one := await _compare(attendance, person, on, here.get(on), there.get(on)):
                    yield place, one


async def _compare(
    attendance: Attendance,
    person: Person,
    on: date,
    ours: DatedDay | None,
    theirs: ReferenceDay | None,
) -> ReferenceDifference | None:
    here, there = _our_side(ours), _their_side(theirs)
    reasons = differences(here, there)
    if not reasons:
        return None
    name = ours.time_zone if ours else await attendance.copies.zone_of("")
    return ReferenceDifference(
        person=person.shown(on),
        date=on,
        reason=reasons[0],
        also=reasons[1:],
        here=_shown(here, name),
        there=_shown(there, name),
    )


def _our_side(day: DatedDay | None) -> Side | None:
    if day is None:
        return None
    return Side(day.first_in, day.last_out, day.day.late_minutes, day.day.status)


def _their_side(day: ReferenceDay | None) -> Side | None:
    if day is None:
        return None
    return Side(day.first_in, day.last_out, day.late_minutes, day.status)


def _shown(side: Side | None, time_zone: str) -> ComparedDay | None:
    if side is None:
        return None
    local = zone(time_zone)
    return ComparedDay(
        first_in=side.first_in.astimezone(local) if side.first_in else None,
        last_out=side.last_out.astimezone(local) if side.last_out else None,
        late_minutes=side.late_minutes,
        status=side.status,
    )


async def _person(attendance: Attendance, body: ImportReferenceDay) -> Person:
    person = None
    if body.employee_id is not None:
        person = await attendance.copies.people.get(body.employee_id)
    elif body.nip is not None:
        person = (await attendance.copies.people.by_nip([body.nip])).get(body.nip)
    if person is None:
        named = body.employee_id or body.nip
        raise Refusal("unknown_employee", employee=named, on=body.date.isoformat())
    return person
