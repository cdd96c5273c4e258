"""Digests are made in the morning, once a day, and shown to those they are for."""

from datetime import datetime

from contracts.envelope import AgencyCode, Query
from contracts.outcome import Decision, Refusal
from contracts.overdue_digests import ListOverdueDigests, OverdueDigestView
from contracts.paging import Page
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import zone
from services.tasks import oversight_access
from services.tasks.context import Tasks
from services.tasks.overdue.model import Digest, make, morning

handlers: Handlers[Tasks] = Handlers()

DIGESTS_EVERY_S = 60.0


@handlers.every(DIGESTS_EVERY_S, "tasks.overdue.make")
async def make_digests(tasks: Tasks) -> None:
    """Tell the top of every tree what is overdue, on the morning of each of its working days."""
    city = await tasks.directory.city()
    for top in sorted(city.tree.roots()):
        await make_digest(AgencyCode(top), tasks, now())


async def make_digest(agency: AgencyCode, tasks: Tasks, at: datetime) -> None:
    """Make an agency's digest of the day if its morning has come and there is none yet."""
    city = await tasks.directory.city()
    on = morning(at, city.schedule_of(agency))
    if on is None or await tasks.overdue.get(f"{agency}/{on}"):
        return
    overdue = [stored.state for stored in await tasks.requests.in_digest_of(agency)]

    def decide(known: Digest | None) -> Decision[Digest]:
        return Decision(known) if known else make(agency, on, at, overdue)

    cause = Cause.timer("tasks", "digest", agency, on.isoformat())
    await tasks.overdue.change(f"{agency}/{on}", decide, cause)


@handlers.answers(ListOverdueDigests)
async def list_overdue_digests(
    query: Query[ListOverdueDigests], tasks: Tasks
) -> Page[OverdueDigestView]:
    """What an agency at the top was told, newest first."""
    city, body = await tasks.directory.city(), query.body
    oversight_access.may_see_overall(query.actor, body.agency, city.tree)
    if not city.knows(body.agency):
        raise Refusal("not_found", agency=body.agency)
    found, next_cursor = await tasks.overdue.listed(
        AgencyCode(body.agency), limit=body.limit, cursor=body.cursor
    )
    here = zone(city.zone_of(body.agency))

    def view(stored: Stored[Digest]) -> OverdueDigestView:
        digest = stored.state
        return OverdueDigestView(
            agency=digest.agency,
            on=digest.on,
            made_at=digest.made_at.astimezone(here),
            total=digest.total,
            items=digest.items,
        )

    return Page(items=tuple(view(stored) for stored in found), next_cursor=next_cursor)
