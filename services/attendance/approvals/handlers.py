"""What waits for the caller is listed, and decided one by one or many at once."""

import asyncio

from contracts.approvals import ApprovalView, DecideRequest, ListApprovals
from contracts.envelope import Actor, Command, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage import pages
from services.attendance.approvals.sorts import SORTS
from services.attendance.context import Attendance
from services.attendance.requests import acting
from services.attendance.requests.store import Filter

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(DecideRequest)
async def decide_request(command: Command[DecideRequest], attendance: Attendance) -> Verdict:
    """Approve or reject a request by its id, whatever its sort."""
    for sort in SORTS:
        if (verdict := await sort.decide(command, attendance)) is not None:
            return verdict
    raise Refusal("not_found")


@handlers.answers(ListApprovals)
async def list_approvals(query: Query[ListApprovals], attendance: Attendance) -> Page[ApprovalView]:
    """Everything pending that the caller may decide about, the oldest first."""
    body = query.body
    conditions = await _waiting_for(query.actor, attendance)
    if conditions is None:
        return Page(items=())
    sorts = [sort for sort in SORTS if not body.type or sort.type in body.type]
    lists = await asyncio.gather(
        *(
            sort.waiting(attendance, conditions, limit=body.limit, cursor=body.cursor)
            for sort in sorts
        )
    )
    places = sorted(place for waiting in lists for place in waiting.places)
    more = len(places) > body.limit or any(waiting.more for waiting in lists)
    places = places[: body.limit]
    wanted = set(places)
    shown = await asyncio.gather(
        *(
            sort.shown(
                query,
                attendance,
                [
                    item
                    for place, item in zip(waiting.places, waiting.items, strict=True)
                    if place in wanted
                ],
            )
            for sort, waiting in zip(sorts, lists, strict=True)
        )
    )
    views = {id_: view for some in shown for id_, view in some.items()}
    return Page(
        items=tuple(views[id_] for _, id_ in places if id_ in views),
        next_cursor=pages.encode(*places[-1]) if places and more else None,
    )


async def _waiting_for(actor: Actor, attendance: Attendance) -> list[Filter] | None:
    """Which pending requests may wait for this caller; the finer check follows per request."""
    tree = await attendance.copies.tree()
    ways = await acting.led_by(actor, attendance, tree)
    if actor.has("admin"):
        ways += [{"agencies": {"$in": sorted(tree.roots())}}, {"effect": {"$exists": True}}]
    if not ways:
        return None
    conditions: list[Filter] = [{"$or": ways}]
    if actor.employee is not None:
        conditions.append({"employee": {"$ne": actor.employee}})
    return conditions
