"""Service levels are entered and shown; clocks follow when hours are entered anew."""

import asyncio
from collections.abc import Sequence

from contracts.calendars import CalendarChanged
from contracts.envelope import Actor, AgencyCode, Command, Event, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.policies import PolicyChanged
from contracts.service_levels import AddServiceLevels, ListServiceLevels, ServiceLevelView
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import WIB, zone
from services.tasks import oversight_access
from services.tasks.context import Tasks
from services.tasks.help_requests.model import HelpRequest
from services.tasks.help_requests.watching import moved_clocks
from services.tasks.service_levels.model import AgencyLevels
from services.tasks.service_levels.targets import LevelVersion

handlers: Handlers[Tasks] = Handlers()

_AT_ONCE = 50


@handlers.handles(AddServiceLevels)
async def add_service_levels(command: Command[AddServiceLevels], tasks: Tasks) -> Verdict:
    """Enter a version; requests that begin from its day on count by it."""
    city = await tasks.directory.city()
    oversight_access.may_set_service_levels(command.actor)
    _must_know(command.body.agency, city.knows(command.body.agency))
    written_at = now()

    def decide(levels: AgencyLevels | None) -> Decision[AgencyLevels]:
        standing = levels or AgencyLevels.blank(command.body.agency, written_at)
        return standing.add(
            command.body.levels, recorded_at=command.received_at, written_at=written_at
        )

    def answer(stored: Stored[AgencyLevels]) -> ServiceLevelView:
        return _view(stored.id, stored.state.versions[-1], stored.version, command.actor)

    return await tasks.levels.change(
        command.body.agency, decide, command, answer=answer, status=201
    )


@handlers.answers(ListServiceLevels)
async def list_service_levels(
    query: Query[ListServiceLevels], tasks: Tasks
) -> Page[ServiceLevelView]:
    """What an agency has entered, newest first; or what rules it on a day, wherever it stands."""
    body, actor = query.body, query.actor
    oversight_access.may_see_service_levels(actor)
    city = await tasks.directory.city()
    _must_know(body.agency, city.knows(body.agency))
    if body.on is not None:
        book = await tasks.levels.book(city.tree)
        ruling = book.ruling(body.agency, body.on)
        owner = ruling.id.rpartition("-sl")[0] or None
        found = await tasks.levels.get(owner) if owner else None
        return Page(items=(_view(owner, ruling, found.version if found else 0, actor),))
    stored = await tasks.levels.get(body.agency)
    if stored is None:
        return Page(items=())
    before = _number(body.cursor) if body.cursor else len(stored.state.versions) + 1
    older = [version for version in reversed(stored.state.versions) if version.number < before]
    shown = older[: body.limit]
    return Page(
        items=tuple(_view(stored.id, version, stored.version, actor) for version in shown),
        next_cursor=str(shown[-1].number) if len(shown) < len(older) else None,
    )


@handlers.reads("tasks.service_levels.on-hours")
async def follow_hours(
    events: Sequence[Event[PolicyChanged | CalendarChanged]], tasks: Tasks
) -> None:
    """Keep the hours that were entered, and put the due moments of running clocks where they go."""
    await asyncio.gather(*(tasks.directory.keep_hours(event) for event in events))
    city = await tasks.directory.city()
    cause = Cause.of(events[-1])
    async for found in tasks.requests.under_way(_AT_ONCE):
        moved = [each for each in found if moved_clocks(each.state, city)]
        await asyncio.gather(
            *(
                tasks.requests.change(each.id, _as_it_stands, Cause.derived(cause, each.id))
                for each in moved
            )
        )


def _as_it_stands(request: HelpRequest | None) -> Decision[HelpRequest]:
    """Nothing is decided: the change itself writes down what the new hours have moved."""
    if request is None:
        raise Refusal("not_found")
    return Decision(request)


def _view(
    agency: str | None, version: LevelVersion, written: int, actor: Actor
) -> ServiceLevelView:
    return ServiceLevelView(
        **version.terms.model_dump(),
        id=version.id,
        agency=AgencyCode(agency) if agency else None,
        effective_from=version.effective_from,
        recorded_at=version.recorded_at.astimezone(zone(WIB)),
        decree=version.decree,
        version=written,
        actions=("supersede",) if oversight_access.sets_service_levels(actor) else (),
    )


def _must_know(agency: str, known: bool) -> None:  # reads as a claim
    if not known:
        raise Refusal("not_found", agency=agency)


def _number(cursor: str) -> int:
    if not cursor.isdecimal():
        raise Refusal.invalid("/cursor", "must be the next_cursor of the page before")
    return int(cursor)
