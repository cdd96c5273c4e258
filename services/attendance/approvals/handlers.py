"""What waits for the caller is listed, and decided one by one or many at once."""

import asyncio
from collections.abc import Sequence

from contracts.approvals import ApprovalView, DecideRequest, ListApprovals
from contracts.envelope import Actor, Command, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from contracts.requests import OnRequest
from kit.messaging.handlers import Handlers
from kit.storage import pages
from kit.storage.aggregates import Stored
from services.attendance.approvals.sorts import SORTS, Sort
from services.attendance.context import Attendance
from services.attendance.requests import acting
from services.attendance.requests.model import Request
from services.attendance.requests.onlooker import onlooker_of
from services.attendance.requests.store import Filter

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(DecideRequest)
async def decide_request(command: Command[DecideRequest], attendance: Attendance) -> Verdict:
    """Approve or reject a request by its id, whatever its sort."""
    body = command.body
    for sort in SORTS:
        store = sort.store(attendance)
        if await store.get(body.id) is not None:
            said = OnRequest(id=body.id, note=body.note, if_match=body.version)
            return await acting.act(command, attendance, store, body.decision, sort.view, said=said)
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
            sort.store(attendance).waiting(conditions, limit=body.limit, cursor=body.cursor)
            for sort in sorts
        )
    )
    found = sorted(
        ((stored, sort) for sort, (some, _) in zip(sorts, lists, strict=True) for stored in some),
        key=lambda pair: (pair[0].state.requested_at, pair[0].id),
    )
    more = len(found) > body.limit or any(cursor for _, cursor in lists)
    found = found[: body.limit]
    last = found[-1][0] if found and more else None
    return Page(
        items=await _shown(query, attendance, found),
        next_cursor=pages.encode(last.state.requested_at, last.id) if last else None,
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


async def _shown(
    query: Query[ListApprovals],
    attendance: Attendance,
    found: Sequence[tuple[Stored[Request], Sort]],
) -> tuple[ApprovalView, ...]:
    people = {who for stored, _ in found for who in stored.state.people}
    onlooker = await onlooker_of(query, attendance, people)
    return tuple(
        ApprovalView(
            id=stored.id,
            type=sort.type,
            requested_at=stored.state.requested_at,
            version=stored.version,
            request=sort.view(stored, onlooker),
        )
        for stored, sort in found
        if "approve" in onlooker.rights(stored.state)
    )
