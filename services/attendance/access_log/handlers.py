"""A person learns who looked at their attendance."""

from collections.abc import Sequence
from datetime import date

from contracts.envelope import Query
from contracts.paging import Page
from contracts.statements import AccessEntry, ListAccess
from kit.clock import now
from kit.messaging.handlers import Handlers
from rules.agencies import AgencyTree
from rules.assignments import works_for_one_of
from rules.working_time import zone
from services.attendance import access
from services.attendance.access_log.store import Look
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person

handlers: Handlers[Attendance] = Handlers()

_CITY_ZONE = "Asia/Jakarta"


@handlers.answers(ListAccess)
async def list_access(query: Query[ListAccess], attendance: Attendance) -> Page[AccessEntry]:
    """Who looked at a person's attendance, for the person and for overseers."""
    person = await attendance.copies.people.get(query.body.employee)
    found = access.may_see_access_log(query.actor, person)
    paging = query.body.paging
    looks, cursor = await looks_at(attendance, found, limit=paging.limit, cursor=paging.cursor)
    return Page(items=await entries(attendance, looks), next_cursor=cursor)


async def looks_at(
    attendance: Attendance, person: Person, *, limit: int, cursor: str | None = None
) -> tuple[list[Look], str | None]:
    """The looks at a person in any agency they have had a post in."""
    tree = await attendance.copies.tree()
    own = {assignment.agency for assignment in person.assignments}
    above = {code for agency in own for code in tree.path(agency)}
    found, next_cursor = await attendance.access_log.about(
        person.id, above, own, limit=limit, cursor=cursor
    )
    return [look for look in found if _concerns(look, person, tree)], next_cursor


def _concerns(look: Look, person: Person, tree: AgencyTree) -> bool:
    """Whether the person was among those looked at: by name, or in the agency at that time."""
    scope = look.scope
    if person.id in scope.people or scope.agency is None:
        return True
    agencies = frozenset({scope.agency}) if scope.exact else tree.below(scope.agency)
    seen_on = look.at.astimezone(zone(_CITY_ZONE)).date()
    first, last = scope.first or seen_on, scope.last or seen_on
    return works_for_one_of(person.assignments, agencies, first, last)


async def entries(attendance: Attendance, looks: Sequence[Look]) -> tuple[AccessEntry, ...]:
    """Looks as callers see them, those who looked by name."""
    wanted = sorted({look.employee for look in looks if look.employee})
    people = await attendance.copies.people.get_many(wanted)
    today = now().astimezone(zone(_CITY_ZONE)).date()
    return tuple(_entry(look, people.get(look.employee or ""), today) for look in looks)


def _entry(look: Look, person: Person | None, today: date) -> AccessEntry:
    return AccessEntry(
        at=look.at.astimezone(zone(_CITY_ZONE)),
        account=look.account,
        person=person.shown(today) if person else None,
        on_behalf_of=look.on_behalf_of,
        looked_at=look.looked_at,
        from_=look.scope.first,
        to=look.scope.last,
        agency=look.scope.agency,
        office=look.scope.office,
    )
