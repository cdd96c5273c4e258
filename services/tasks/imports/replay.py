"""A recorded help request, step by step through the same transitions as people's own calls."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import AgencyCode
from contracts.help_requests import ImportedHelpRequest, ImportedStep
from contracts.outcome import Decision, FieldError, Refusal
from services.tasks.help_requests import decisions
from services.tasks.help_requests.asking import Asker, new_request, whole
from services.tasks.help_requests.details import DO, Details, Known
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.standing import acting
from services.tasks.help_requests.transitions import ASKING, Side, sides_for
from services.tasks.own_copies.model import City, People
from services.tasks.service_levels.targets import NOTHING_ENTERED, LevelBook

EARLIEST_YEAR = 2000

Next = Decision[HelpRequest]


def replay(
    id_: str,
    number: str,
    item: ImportedHelpRequest,
    *,
    account: str,
    until: datetime,
    city: City,
    people: People,
    levels: LevelBook = NOTHING_ENTERED,
) -> Next:
    """The request after its last step, with the event of every step; refuses the first bad one."""
    _check_moments(item, until)
    agency = AgencyCode(item.asking_agency)
    asker = Asker(agency, whole(item.requested_at), item.requested_by, imported=True)
    request = new_request(id_, number, item, asker, city, levels=levels)
    first = Deed(asker.at, "asking", agency, city.schedule_of(agency), asker.by, account, levels)
    done = decisions.ask_for_help(request, first)
    events = [*done.events]
    known = Known(city, people)
    for place, step in enumerate(item.steps):
        deed = replace(_deed(done.state, step, account, city), levels=levels)
        try:
            acting(done.state, deed, step.action)
            done = DO[step.action](done.state, deed, Details.of(step), known)
        except Refusal as refusal:
            raise _at_step(refusal, place) from refusal
        events += done.events
    return Decision(done.state, tuple(events))


def _deed(request: HelpRequest, step: ImportedStep, account: str, city: City) -> Deed:
    """Who did the step: the agency it names, else the only one it can have been."""
    side: Side = "asking" if sides_for(step.action) == frozenset(ASKING) else "receiving"
    agency = AgencyCode(step.agency) if step.agency else None
    if agency is None:
        only = (request.asking_agency,) if side == "asking" else request.responders
        agency = only[0] if len(only) == 1 else None
    return Deed(whole(step.at), side, agency, city.schedule_of(agency), step.by, account)


def _check_moments(item: ImportedHelpRequest, until: datetime) -> None:
    if item.requested_at.year < EARLIEST_YEAR:
        raise Refusal.invalid("/requested_at", f"must lie after {EARLIEST_YEAR}")
    reached = item.requested_at
    for place, step in enumerate(item.steps):
        if step.at < reached:
            raise Refusal.invalid(f"/steps/{place}/at", "lies before the step before")
        reached = step.at
    if reached > until:
        raise Refusal.invalid("/steps" if item.steps else "/requested_at", "lies in the future")


def _at_step(refusal: Refusal, place: int) -> Refusal:
    """The same refusal, saying at which step."""
    problem = refusal.problem
    errors = tuple(
        FieldError(pointer=f"/steps/{place}{each.pointer}", detail=each.detail)
        for each in problem.errors
    )
    located = Refusal(problem.code, errors=errors, **{**problem.facts, "step": place})
    located.retryable = False
    return located
