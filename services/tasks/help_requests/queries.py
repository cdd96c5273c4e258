"""Queries about help requests: what the caller may see, and nothing else."""

import base64
from collections.abc import Sequence
from typing import Any

from contracts import help_requests as asked
from contracts.envelope import Answer, Query
from contracts.help_views import HelpCommentsView, HelpRequestView, TimelineView
from contracts.paging import Page
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.finding import with_words
from services.tasks.help_requests import messages
from services.tasks.help_requests.acting import load
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.model import HelpRequest
from services.tasks.help_requests.store import of_agencies
from services.tasks.own_copies.model import City

handlers: Handlers[Tasks] = Handlers()


@handlers.answers(asked.GetHelpRequest)
async def get_help_request(query: Query[asked.GetHelpRequest], tasks: Tasks) -> Answer:
    """One help request, with what the caller may do now."""
    stored, onlooker = await _seen(query, query.body.help_request, tasks)
    shown = messages.view(stored.state, stored.version, onlooker)
    return Answer(result=shown.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(asked.GetHelpTimeline)
async def get_help_timeline(query: Query[asked.GetHelpTimeline], tasks: Tasks) -> TimelineView:
    """Everything that happened to a help request."""
    stored, onlooker = await _seen(query, query.body.help_request, tasks)
    return messages.timeline(stored.state, onlooker)


@handlers.answers(asked.ListHelpComments)
async def list_help_comments(
    query: Query[asked.ListHelpComments], tasks: Tasks
) -> HelpCommentsView:
    """What was said about a help request, oldest first."""
    stored, onlooker = await _seen(query, query.body.help_request, tasks)
    return messages.comments(stored.state, onlooker)


@handlers.answers(asked.GetAssignmentRecord)
async def get_assignment_record(query: Query[asked.GetAssignmentRecord], tasks: Tasks) -> Answer:
    """The numbered assignment record as PDF, once somebody is assigned."""
    from services.tasks.help_requests import assignment_record  # what sets type starts slowly

    stored, onlooker = await _seen(query, query.body.help_request, tasks)
    content = assignment_record.write(
        stored.state, onlooker.city, onlooker.people, agency=query.body.agency
    )
    return Answer(
        result=base64.b64encode(content).decode(),
        version=stored.version,
        media_type="application/pdf",
        base64=True,
    )


@handlers.answers(asked.ListHelpRequests)
async def list_help_requests(
    query: Query[asked.ListHelpRequests], tasks: Tasks
) -> Page[HelpRequestView]:
    """The help requests the caller may see, filtered, newest first."""
    body = query.body
    city = await tasks.directory.city()
    receiving = tuple(code for code in body.receiving_agency if code != "anyone")
    assigned = query.actor.employee if body.assigned == "me" else body.assigned
    conditions = [
        access.seen_by(query.actor, city.tree),
        of_agencies(
            _with_below(body.asking_agency, city, exact=body.exact),
            _with_below(receiving, city, exact=body.exact),
            anyone="anyone" in body.receiving_agency,
        ),
        {"state": {"$in": list(body.state)}} if body.state else {},
        {"people_assigned": assigned} if body.assigned else {},
        {"skills": {"$in": list(body.skill)}} if body.skill else {},
        with_words(body.q),
    ]
    found, next_cursor = await tasks.requests.listed(
        conditions, sort=body.sort, limit=body.limit, cursor=body.cursor
    )
    named = {person for stored in found for person in messages.people_of(stored.state)}
    onlooker = Onlooker(query.actor, now(), city, await tasks.directory.people(named))
    return Page(
        items=tuple(messages.view(each.state, each.version, onlooker) for each in found),
        next_cursor=next_cursor,
    )


async def _seen(query: Query[Any], id_: str, tasks: Tasks) -> tuple[Stored[HelpRequest], Onlooker]:
    city = await tasks.directory.city()
    stored = await load(id_, tasks)
    request = access.see(query.actor, stored.state if stored else None, city.tree)
    assert stored is not None
    people = await tasks.directory.people(messages.people_of(request))
    return stored, Onlooker(query.actor, now(), city, people)


def _with_below(codes: Sequence[str], city: City, *, exact: bool) -> frozenset[str]:
    if exact:
        return frozenset(codes)
    return frozenset(below for code in codes for below in city.tree.below(code))
