"""Monthly recaps are shown to those who lead the agency, and to overseers."""

from contracts.envelope import Query
from contracts.outcome import Refusal
from contracts.recaps import (
    DescribeMonthlyRecap,
    ListMonthlyRecap,
    RecapFrame,
    RecapPage,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.periods.model import days_of
from services.attendance.recaps.members import Members, page_of
from services.attendance.recaps.revisions import (
    members_of,
    rows_of,
    standing_of,
    with_settlements,
)
from services.attendance.recaps.versions import version_view, versions_of

handlers: Handlers[Attendance] = Handlers()


@handlers.answers(DescribeMonthlyRecap)
async def describe_monthly_recap(
    query: Query[DescribeMonthlyRecap], attendance: Attendance
) -> RecapFrame:
    """People, days and the versions of the rules of a month."""
    first, last = days_of(query.body.period)
    members = await _members(query, attendance)
    versions = await versions_of(attendance, members.agencies, first, last)
    standing = await standing_of(attendance, query.body)
    late = {band.code: band.from_minutes for one in versions.values() for band in one.bands.late}
    early = {band.code: band.from_minutes for one in versions.values() for band in one.bands.early}
    return RecapFrame(
        agency=query.body.agency,
        period=query.body.period,
        from_=first,
        to=last,
        people=len(members.people),
        versions=tuple(version_view(versions[id_]) for id_ in sorted(versions)),
        late_bands=tuple(sorted(late, key=lambda code: (late[code], code))),
        early_bands=tuple(sorted(early, key=lambda code: (early[code], code))),
        status=standing.status,
        revision=standing.revision,
        fingerprint=standing.fingerprint,
        as_of=now(),
    )


@handlers.answers(ListMonthlyRecap)
async def list_monthly_recap(query: Query[ListMonthlyRecap], attendance: Attendance) -> RecapPage:
    """A page of rows, computed from the days as they are now, or were when they were closed."""
    body = query.body
    first, last = days_of(body.period)
    members = await _members(query, attendance)
    standing = await standing_of(attendance, body)
    people, cursor = page_of(
        members.matching(body.q), limit=body.paging.limit, cursor=body.paging.cursor
    )
    versions = await versions_of(attendance, members.agencies, first, last)
    rows = await rows_of(attendance, body, members, people, versions)
    return RecapPage(
        agency=body.agency,
        period=body.period,
        status=standing.status,
        revision=standing.revision,
        fingerprint=standing.fingerprint,
        items=tuple(await with_settlements(attendance, members, body.period, rows)),
        next_cursor=cursor,
        as_of=now(),
    )


async def _members(
    query: "Query[DescribeMonthlyRecap] | Query[ListMonthlyRecap]", attendance: Attendance
) -> Members:
    body, tree = query.body, await attendance.copies.tree()
    access.may_read_recaps(query.actor, body.agency, tree)
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    first, last = days_of(body.period)
    seen = Scope(agency=body.agency, exact=body.exact, first=first, last=last)
    await attendance.access_log.note(query.actor, "recap", seen)
    return await members_of(attendance, body)
