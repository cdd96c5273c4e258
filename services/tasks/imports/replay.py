"""A recorded help request, step by step through the same transitions as people's own calls."""

from collections.abc import Callable
from datetime import datetime

from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_requests import ImportedHelpRequest, ImportedStep
from contracts.help_terms import ImportedAction
from contracts.outcome import Decision, FieldError, Refusal
from services.tasks.help_requests import decisions
from services.tasks.help_requests.asking import Asker, new_request, whole
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.people import check_people
from services.tasks.help_requests.standing import acting
from services.tasks.help_requests.transitions import ASKING, Side, sides_for
from services.tasks.own_copies.model import City, People

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
) -> Next:
    """The request after its last step, with the event of every step; refuses the first bad one."""
    _check_moments(item, until)
    agency = AgencyCode(item.asking_agency)
    asker = Asker(agency, whole(item.requested_at), item.requested_by, imported=True)
    request = new_request(id_, number, item, asker, city)
    first = Deed(asker.at, "asking", agency, city.schedule_of(agency), asker.by, account)
    done = decisions.ask_for_help(request, first)
    events = [*done.events]
    for place, step in enumerate(item.steps):
        deed = _deed(done.state, step, account, city)
        try:
            acting(done.state, deed, step.action)
            done = _STEPS[step.action](done.state, deed, step, _Known(city, people))
        except Refusal as refusal:
            raise _at_step(refusal, place) from refusal
        events += done.events
    return Decision(done.state, tuple(events))


class _Known:
    """What is known of city and people while steps are replayed."""

    __slots__ = ("city", "people")

    def __init__(self, city: City, people: People) -> None:
        self.city = city
        self.people = people

    def checked(self, step: ImportedStep, deed: Deed) -> tuple[EmployeeId, ...]:
        """The people a step names, if they could be sent."""
        named = step.people
        if named is None:
            raise Refusal.invalid("/people", "must name somebody")
        agency = deed.agency or ""
        check_people(named, agency=agency, at=deed.at, people=self.people, city=self.city)
        return named

    def onward(self, step: ImportedStep) -> AgencyCode:
        """The agency a request is handed on to."""
        if step.to is None or not self.city.knows(step.to):
            raise Refusal.invalid("/to", "is not an agency of the city")
        return AgencyCode(step.to)


def _needed(value: int | None, pointer: str) -> int:
    if value is None:
        raise Refusal.invalid(pointer, "must be given")
    return value


_Step = Callable[[HelpRequest, Deed, ImportedStep, _Known], Next]

_STEPS: dict[ImportedAction, _Step] = {
    "accept": lambda r, deed, step, known: decisions.accept(r, deed, known.checked(step, deed)),
    "decline": lambda r, deed, step, _: decisions.decline(r, deed, step.reason),
    "ask": lambda r, deed, step, _: decisions.ask(r, deed, step.question),
    "answer": lambda r, deed, step, _: decisions.answer(r, deed, step.text),
    "assign": lambda r, deed, step, known: decisions.assign(r, deed, known.checked(step, deed)),
    "start": lambda r, deed, _step, _: decisions.start(r, deed),
    "log": lambda r, deed, step, _: decisions.log_work(
        r, deed, _needed(step.minutes, "/minutes"), step.note
    ),
    "deliver": lambda r, deed, step, _: decisions.deliver(r, deed, step.summary, step.links),
    "confirm": lambda r, deed, step, _: decisions.confirm(
        r, deed, _needed(step.rating, "/rating"), step.thanks
    ),
    "return": lambda r, deed, step, _: decisions.send_back(r, deed, step.reason),
    "withdraw": lambda r, deed, step, _: decisions.withdraw(r, deed, step.reason),
    "hand-on": lambda r, deed, step, known: decisions.hand_on(
        r, deed, known.onward(step), step.reason
    ),
}


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
