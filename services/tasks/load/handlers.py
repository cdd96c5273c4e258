"""Load is told to those who answer for an agency; suggestions to those who ask or answer."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from contracts.absences import AbsenceDecided
from contracts.directory import EmployeeChanged
from contracts.envelope import AgencyCode, Event, Query
from contracts.help_views import ExplanationView
from contracts.load import (
    GetLoad,
    LoadView,
    OpenRequestsView,
    PersonLoadView,
    SuggestAgencies,
    SuggestedAgency,
    SuggestedPerson,
    SuggestForRequest,
    SuggestionsView,
)
from contracts.outcome import Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from rules.assignments import in_force
from rules.working_time import zone
from services.tasks import access, oversight_access
from services.tasks.context import Tasks
from services.tasks.help_requests.acting import load as load_request
from services.tasks.help_requests.model import HelpRequest
from services.tasks.load.model import Away, Promise, Stretch, by_person, promises
from services.tasks.load.suggesting import Points, Record, matching, points
from services.tasks.own_copies.model import City, People

handlers: Handlers[Tasks] = Handlers()

_LONGEST_DAYS = 60
_MOST_PEOPLE = 300


@handlers.reads("tasks.load.on-absences")
async def keep_absences(events: Sequence[Event[AbsenceDecided]], tasks: Tasks) -> None:
    """Keep who will be away when."""
    await asyncio.gather(*(tasks.absences.keep(event) for event in events))


@handlers.answers(GetLoad)
async def get_load(query: Query[GetLoad], tasks: Tasks) -> LoadView:
    """An agency's open work, what it has promised, and who is there."""
    body, city, at = query.body, await tasks.directory.city(), now()
    oversight_access.may_see_overall(query.actor, body.agency, city.tree)
    if not city.knows(body.agency):
        raise Refusal("not_found", agency=body.agency)
    codes = frozenset([body.agency]) if body.exact else city.tree.below(body.agency)
    stretch = Stretch.ahead(at, body.days, city.schedule_of(body.agency))
    open_ones = [stored.state for stored in await tasks.requests.open_of(codes)]
    promised = [each for each in promises(open_ones, city, at) if each.agency in codes]
    absent = await tasks.absences.of_agencies(codes, stretch.first)
    employees, next_cursor = await tasks.directory.people_of(
        codes, limit=body.limit, cursor=body.cursor
    )
    here = [each for each in employees if _serves(each, codes, stretch.first)]
    return LoadView(
        agency=AgencyCode(body.agency),
        as_of=at.astimezone(zone(city.zone_of(body.agency))),
        first=stretch.first,
        last=stretch.last,
        working_days=len(stretch.days),
        requests=_open_requests(open_ones, promised, codes),
        promised_people=len({person for each in promised for person in each.people}),
        promised_minutes=sum(each.minutes_left * len(each.people) for each in promised),
        people=await tasks.directory.how_many_of(codes),
        absent_today=len({each.employee for each in absent}),
        items=await _people_loads(here, stretch, city, at, tasks),
        next_cursor=next_cursor,
    )


@handlers.answers(SuggestAgencies)
async def suggest_agencies(query: Query[SuggestAgencies], tasks: Tasks) -> SuggestionsView:
    """Whom an agency may ask for these skills, the best first, with the reasons."""
    city, body = await tasks.directory.city(), query.body
    asking = access.asking_agency(query.actor, body.asking_agency, city.tree)
    candidates = city.tree.codes() - {asking}
    agencies = await _agencies(body.skills, candidates, city, tasks, body.limit)
    return SuggestionsView(agencies=agencies)


@handlers.answers(SuggestForRequest)
async def suggest_for_request(query: Query[SuggestForRequest], tasks: Tasks) -> SuggestionsView:
    """For the side that asks: whom to ask. For the side that is asked: whom to send."""
    city, actor, body = await tasks.directory.city(), query.actor, query.body
    stored = await load_request(body.help_request, tasks)
    request = access.see(actor, stored.state if stored else None, city.tree)
    asks = access.leads(actor, request.asking_agency, city.tree)
    answering = [code for code in request.responders if access.leads(actor, code, city.tree)]
    if not asks and not answering:
        raise Refusal("forbidden")
    candidates = city.tree.codes() - {request.asking_agency, *request.declined_agencies}
    found = await _agencies(request.skills, candidates, city, tasks, body.limit) if asks else ()
    people = await _people(request, answering, city, tasks, body.limit) if answering else ()
    return SuggestionsView(agencies=found, people=people)


async def _agencies(
    skills: Sequence[str], candidates: Iterable[str], city: City, tasks: Tasks, limit: int
) -> tuple[SuggestedAgency, ...]:
    records: defaultdict[str, Record] = defaultdict(Record)
    for request in await _history(skills, tasks):
        for part in request.parts:
            records[part.agency].take(request)
    under_way = await tasks.requests.helping_counts()
    ranked = [
        (points(records.get(code), under_way=under_way.get(code, 0)), code) for code in candidates
    ]
    best = sorted(ranked, key=lambda each: (-each[0].total, each[1]))[:limit]
    return tuple(
        SuggestedAgency(
            agency=AgencyCode(code),
            name=city.name_of(code),
            points=found.total,
            explanation=_explained(found),
        )
        for found, code in best
    )


async def _people(
    request: HelpRequest, agencies: Sequence[str], city: City, tasks: Tasks, limit: int
) -> tuple[SuggestedPerson, ...]:
    at = now()
    schedule = city.schedule_of(agencies[0])
    ahead = (request.due.astimezone(zone(schedule.zone)).date() - at.date()).days + 1
    stretch = Stretch.ahead(at, min(_LONGEST_DAYS, max(1, ahead)), schedule)
    codes = frozenset(below for code in agencies for below in city.tree.below(code))
    employees, _ = await tasks.directory.people_of(codes, limit=_MOST_PEOPLE, cursor=None)
    here = [each for each in employees if _serves(each, codes, stretch.first)]
    records: defaultdict[str, Record] = defaultdict(Record)
    for past in await _history(request.skills, tasks):
        for person in {person for part in past.parts for person in part.people}:
            records[person].take(past)
    loads = await _people_loads(here, stretch, city, at, tasks)
    ranked = [
        (
            points(
                records.get(each.person.id),
                under_way=each.open_requests + each.open_tasks,
                absent_days=each.absent_days,
            ),
            each,
        )
        for each in loads
    ]
    best = sorted(ranked, key=lambda each: (-each[0].total, each[1].person.id))[:limit]
    return tuple(
        SuggestedPerson(person=each.person, points=found.total, explanation=_explained(found))
        for found, each in best
    )


async def _history(skills: Sequence[str], tasks: Tasks) -> list[HelpRequest]:
    """Confirmed requests that asked for one of these skills."""
    if not skills:
        return []
    found = await tasks.requests.confirmed_about(skills)
    return matching((stored.state for stored in found), skills)


async def _people_loads(
    employees: Sequence[EmployeeChanged],
    stretch: Stretch,
    city: City,
    at: datetime,
    tasks: Tasks,
) -> tuple[PersonLoadView, ...]:
    ids = [each.employee for each in employees]
    requests, open_tasks, absences = await asyncio.gather(
        tasks.requests.open_with(ids),
        tasks.work_items.open_of(ids),
        tasks.absences.of_people(ids, stretch.first, stretch.last),
    )
    promised = by_person(promises((stored.state for stored in requests), city, at))
    away: defaultdict[str, list[Away]] = defaultdict(list)
    for absence in absences:
        away[absence.employee].append(absence)
    people = People({each.employee: each for each in employees})

    def load(person: str) -> PersonLoadView:
        mine, absent = promised.get(person, ()), stretch.away(away[person])
        return PersonLoadView(
            person=people.view(person, stretch.first),
            open_requests=len(mine),
            open_tasks=open_tasks.get(person, 0),
            promised_minutes=sum(each.minutes_left for each in mine),
            absent_days=len(absent),
            working_days=len(stretch.days),
            free_from=stretch.free_from(absent),
        )

    return tuple(load(person) for person in ids)


def _open_requests(
    requests: Sequence[HelpRequest], promised: Sequence[Promise], codes: frozenset[str]
) -> OpenRequestsView:
    states = Counter(
        request.state for request in requests if codes & frozenset(request.helping_agencies)
    )
    return OpenRequestsView(
        to_answer=sum(
            request.state == "requested" and bool(codes & frozenset(request.waiting))
            for request in requests
        ),
        to_deliver=len({each.request for each in promised}),
        delivered=states["delivered"],
        asked=sum(request.asking_agency in codes for request in requests),
    )


def _serves(employee: EmployeeChanged, codes: frozenset[str], on: date) -> bool:
    return employee.active and any(
        post.agency in codes for post in in_force(employee.assignments, on)
    )


def _explained(found: Points) -> tuple[ExplanationView, ...]:
    return tuple(
        ExplanationView(rule=each.rule, facts=each.facts, result=each.result)
        for each in found.reasons
    )
