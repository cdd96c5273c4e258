"""What may become of a help request: one pure function per action.

Each takes the request and the deed (who, for which agency, when) and gives the next state with its
event, or refuses. They are the same for a person's call, an import and a timer; whether the person
may act for the agency is decided before, in :mod:`services.tasks.access`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from contracts import tasks
from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_terms import HelpAction, HelpState
from contracts.outcome import Decision, Refusal
from rules.working_time import Schedule, add_working_days, zone
from services.tasks.help_requests.model import Deed, Happening, HelpRequest, Receiver, Work
from services.tasks.help_requests.transitions import ASKING, Move, Side, move, states_for
from services.tasks.service_levels.clock import Pause, elapsed_minutes, explain
from services.tasks.service_levels.targets import SILENCE_CONFIRMS_AFTER_WORKING_DAYS

MAX_WORK_ENTRIES = 1_000

Outcome = Decision[HelpRequest]


def possible(request: HelpRequest, action: HelpAction, at: datetime) -> Move:
    """The row of the table for this action now; refuses with ``wrong_state`` if there is none.

    A timer that is due has happened, whether or not the background job has come to it yet.
    """
    state = _state_at(request, at) if action != request.timer else request.state
    row = move(state, action)
    if row is None:
        raise wrong_state(state, action, request.helping_agency)
    return row


def acting(request: HelpRequest, deed: Deed, action: HelpAction) -> AgencyCode:
    """The agency that does it; refuses the wrong state, then the wrong side or agency."""
    row = possible(request, action, deed.at)
    if deed.side in row.sides and deed.agency in agencies_of(request, deed.side, action):
        assert deed.agency is not None
        return deed.agency
    if row.sides == ASKING:
        raise Refusal("not_the_asking_agency")
    raise Refusal("not_the_receiving_agency")


def agencies_of(
    request: HelpRequest, side: Side, action: HelpAction
) -> "tuple[AgencyCode, ...] | OpenCall":
    """The agencies that make up a side for an action, as the request stands."""
    if side == "asking":
        return (request.asking_agency,)
    if request.to_anyone and request.helping_agency is None and action != "hand-on":
        return OpenCall(request)
    return request.responders


@dataclass(frozen=True, slots=True)
class OpenCall:
    """The agencies that may answer an open call: every one but the asker and who left."""

    request: HelpRequest

    def __contains__(self, agency: object) -> bool:
        return isinstance(agency, str) and self.request.is_open_to(agency)


def wrong_state(state: HelpState, action: HelpAction, helping: AgencyCode | None, /) -> Refusal:
    """The refusal that says where the request stands and who has it."""
    return Refusal(
        "wrong_state",
        state=state,
        action=action,
        allowed=list(states_for(action)),
        helping_agency=helping,
    )


def _state_at(request: HelpRequest, at: datetime) -> HelpState:
    if request.timer is None or request.timer_at is None or at < request.timer_at:
        return request.state
    row = move(request.state, request.timer)
    return row.to[0] if row else request.state


def ask_for_help(request: HelpRequest, deed: Deed) -> Outcome:
    """The request comes into the world."""
    agencies = (request.asking_agency, *request.receiving_agencies)
    begun = replace(request.with_involved(*agencies), timer="expire", timer_at=request.due)
    first = Happening(
        at=deed.at,
        action="request",
        after=begun.state,
        by=deed.by,
        account=deed.account,
        agency=deed.agency,
        note=request.title,
    )
    begun = replace(begun, timeline=(first,))
    return Decision(begun, (facts(begun, tasks.HelpRequested),))


def accept(request: HelpRequest, deed: Deed, people: Sequence[EmployeeId]) -> Outcome:
    """The receiving agency takes it and names who comes; its response clock stops."""
    agency = acting(request, deed, "accept")
    clock = request.response_clock_of(agency)
    taken = replace(
        request,
        state="accepted",
        helping_agency=agency,
        responding_agency=agency,
        responded_at=deed.at,
        response_minutes=elapsed_minutes(clock, deed.at, deed.schedule),
        accepted_at=deed.at,
        completion_target=request.completion_target_from(deed.at, deed.schedule),
        receivers=request.receivers
        if any(each.agency == agency for each in request.receivers)
        else (*request.receivers, Receiver(agency, request.requested_at)),
    )
    taken = taken.with_people(tuple(people), deed.at).with_involved(agency)
    return _happened(
        request,
        taken,
        deed,
        "accept",
        tasks.HelpAccepted,
        people=tuple(people),
        explanation=explain(clock, deed.at, deed.schedule, rule="response_minutes"),
    )


def decline(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The receiving agency says no; of several only it leaves, an open call stays open."""
    agency = acting(request, deed, "decline")
    _require(reason)
    clock = request.response_clock_of(agency)
    minutes = elapsed_minutes(clock, deed.at, deed.schedule)
    left = _left(request, agency, "declined", deed.at).with_involved(agency)
    if not left.responders and not left.to_anyone:
        left = replace(
            left,
            state="declined",
            responding_agency=agency,
            responded_at=deed.at,
            response_minutes=minutes,
            ended_at=deed.at,
        )
    return _happened(
        request,
        left,
        deed,
        "decline",
        tasks.HelpDeclined,
        note=reason,
        explanation=explain(clock, deed.at, deed.schedule, rule="response_minutes"),
        responding_agency=agency,
        response_minutes=minutes,
    )


def ask(request: HelpRequest, deed: Deed, question: str) -> Outcome:
    """The receiving side wants to know something first; the ball goes to the asking side."""
    agency = acting(request, deed, "ask")
    _require(question, "/question")
    asked = replace(
        request.with_involved(agency),
        state="clarifying",
        resumes=request.state,
        question=question,
        pauses=(*request.pauses, Pause(deed.at)),
    )
    return _happened(request, asked, deed, "ask", tasks.HelpAsked, note=question)


def answer(request: HelpRequest, deed: Deed, text: str) -> Outcome:
    """The asking side answers; the request goes back to where the question was asked."""
    acting(request, deed, "answer")
    _require(text, "/text")
    answered = replace(
        _resumed(request, deed.at), state=request.resumes or "requested", resumes=None
    )
    return _happened(request, answered, deed, "answer", tasks.HelpAnswered, note=text)


def assign(request: HelpRequest, deed: Deed, people: Sequence[EmployeeId]) -> Outcome:
    """Other people come instead."""
    acting(request, deed, "assign")
    assigned = request.with_people(tuple(people), deed.at)
    return _happened(request, assigned, deed, "assign", tasks.HelpAssigned, people=tuple(people))


def start(request: HelpRequest, deed: Deed) -> Outcome:
    """The work begins."""
    acting(request, deed, "start")
    begun = replace(request, state="in_progress")
    return _happened(request, begun, deed, "start", tasks.HelpStarted)


def log_work(request: HelpRequest, deed: Deed, minutes: int, note: str) -> Outcome:
    """Minutes of work are written down for whoever writes them."""
    acting(request, deed, "log")
    if len(request.work) >= MAX_WORK_ENTRIES:
        raise Refusal("quota_exceeded", limit=MAX_WORK_ENTRIES)
    work = (*request.work, Work(deed.by, deed.at, minutes, note))
    return _happened(request, replace(request, work=work), deed, "log", tasks.HelpLogged, note=note)


def deliver(request: HelpRequest, deed: Deed, summary: str, links: Sequence[str] = ()) -> Outcome:
    """The work is handed over; the ball goes to the asking side."""
    acting(request, deed, "deliver")
    _require(summary, "/summary")
    delivered = replace(
        request,
        state="delivered",
        delivered_at=deed.at,
        summary=summary,
        links=tuple(links),
    )
    return _happened(request, delivered, deed, "deliver", tasks.HelpDelivered, note=summary)


def confirm(request: HelpRequest, deed: Deed, rating: int, thanks: str = "") -> Outcome:
    """The asking side takes the delivery and says how good the help was."""
    acting(request, deed, "confirm")
    if not 1 <= rating <= 5:
        raise Refusal.invalid("/rating", "must be 1 to 5")
    confirmed = replace(
        request, state="confirmed", rating=rating, thanks=thanks or None, ended_at=deed.at
    )
    return _happened(request, confirmed, deed, "confirm", tasks.HelpConfirmed, note=thanks)


def send_back(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The delivery is not what was asked for; the time it lay with the asker does not count."""
    acting(request, deed, "return")
    _require(reason)
    waited = Pause(request.delivered_at or deed.at, deed.at)
    returned = replace(
        request,
        state="in_progress",
        delivered_at=None,
        summary=None,
        links=(),
        pauses=(*request.pauses, waited),
    )
    return _happened(request, returned, deed, "return", tasks.HelpReturned, note=reason)


def withdraw(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The asking side needs it no longer."""
    acting(request, deed, "withdraw")
    _require(reason)
    withdrawn = replace(
        _resumed(request, deed.at), state="withdrawn", resumes=None, ended_at=deed.at
    )
    return _happened(request, withdrawn, deed, "withdraw", tasks.HelpWithdrawn, note=reason)


def hand_on(request: HelpRequest, deed: Deed, to: AgencyCode, reason: str) -> Outcome:
    """Another agency is asked instead; its clock begins now, the history stays."""
    agency = acting(request, deed, "hand-on")
    _require(reason)
    if to == request.asking_agency or any(each.agency == to for each in request.receivers):
        raise Refusal.invalid("/to", "must be an agency that was not asked yet")
    left = _left(request, agency, "handed-on", deed.at)
    receivers = [
        replace(each, since=deed.at) if request.helping_agency and each.left is None else each
        for each in left.receivers
    ]
    handed = replace(
        left.with_involved(to),
        state="requested",
        to_anyone=False,
        receivers=(*receivers, Receiver(to, deed.at)),
        helping_agency=None,
        responding_agency=None,
        responded_at=None,
        response_minutes=None,
        accepted_at=None,
        completion_target=None,
        people_assigned=(),
    )
    return _happened(request, handed, deed, "hand-on", tasks.HelpHandedOn, note=f"{to}: {reason}")


def expire(request: HelpRequest, deed: Deed) -> Outcome:
    """The moment it was needed by has passed without an acceptance."""
    if not _is_due(request, "expire", deed.at):
        return Decision(request)
    expired = replace(_resumed(request, deed.at), state="expired", resumes=None, ended_at=deed.at)
    return _happened(request, expired, deed, "expire", tasks.HelpExpired)


def confirm_by_silence(request: HelpRequest, deed: Deed) -> Outcome:
    """Nobody answered the delivery for ten working days: it counts as taken, without a rating."""
    if not _is_due(request, "auto-confirm", deed.at):
        return Decision(request)
    confirmed = replace(request, state="confirmed", confirmed_by_silence=True, ended_at=deed.at)
    return _happened(request, confirmed, deed, "auto-confirm", tasks.HelpConfirmed)


def facts(
    request: HelpRequest, type_: type[tasks.HelpRequestFacts], **other: Any
) -> tasks.HelpRequestFacts:
    """The event that states where the request stands now."""
    known: dict[str, Any] = {
        "responding_agency": request.responding_agency,
        "response_minutes": request.response_minutes,
        **other,
    }
    return type_(
        help_request=request.id,
        number=request.number,
        asking_agency=request.asking_agency,
        receiving_agencies=request.receiving_agencies,
        helping_agency=request.helping_agency,
        state=request.state,
        priority=request.priority,
        people=request.people,
        due=request.due,
        at=request.changed_at,
        requested_at=request.requested_at,
        people_assigned=request.people_assigned,
        response_target_minutes=request.response_target,
        rating=request.rating,
        imported=request.imported,
        **known,
    )


def _happened(
    before: HelpRequest,
    after: HelpRequest,
    deed: Deed,
    action: HelpAction,
    type_: type[tasks.HelpRequestFacts],
    *,
    note: str = "",
    people: tuple[EmployeeId, ...] = (),
    explanation: tuple[Any, ...] = (),
    **other: Any,
) -> Outcome:
    line = Happening(
        at=deed.at,
        action=action,
        before=before.state,
        after=after.state,
        by=deed.by,
        account=deed.account,
        agency=deed.agency,
        note=note,
        people=people,
        explanation=explanation,
    )
    timed = _timed(after, deed.schedule)
    stated = replace(timed, timeline=(*timed.timeline, line))
    return Decision(stated, (facts(stated, type_, **other),))


def _timed(request: HelpRequest, schedule: Schedule) -> HelpRequest:
    """The request with the timer its state asks for."""
    if request.state == "requested" or request.resumes == "requested":
        return replace(request, timer="expire", timer_at=request.due)
    if request.state == "delivered" and request.delivered_at is not None:
        silent = silence_ends(request.delivered_at, schedule)
        return replace(request, timer="auto-confirm" if silent else None, timer_at=silent)
    return replace(request, timer=None, timer_at=None)


def silence_ends(delivered_at: datetime, schedule: Schedule) -> datetime | None:
    """The end of the tenth working day after the day of a delivery."""
    here = zone(schedule.zone)
    day = add_working_days(
        delivered_at.astimezone(here).date(), SILENCE_CONFIRMS_AFTER_WORKING_DAYS, schedule
    )
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), here).astimezone(UTC)


def _left(request: HelpRequest, agency: AgencyCode, how: Any, at: datetime) -> HelpRequest:
    stay = [each for each in request.receivers if each.agency != agency]
    own = [each for each in request.receivers if each.agency == agency]
    gone = replace(own[0] if own else Receiver(agency, at), left=how)
    return replace(request, receivers=(*stay, gone))


def _resumed(request: HelpRequest, at: datetime) -> HelpRequest:
    """The request with the open pause, if any, ended."""
    pauses = tuple(
        replace(pause, end=at) if pause.end is None else pause for pause in request.pauses
    )
    return replace(request, pauses=pauses, question=None)


def _is_due(request: HelpRequest, action: HelpAction, at: datetime) -> bool:
    return request.timer == action and request.timer_at is not None and at >= request.timer_at


def _require(text: str, pointer: str = "") -> None:
    if text.strip():
        return
    raise Refusal.invalid(pointer, "must say something") if pointer else Refusal("reason_required")


def record_refused(request: HelpRequest) -> Refusal:
    """Why there is no assignment record yet: nobody has accepted."""
    return Refusal(
        "wrong_state",
        state=request.state,
        action="assignment",
        allowed=["accepted", "in_progress", "delivered", "confirmed"],
        helping_agency=request.helping_agency,
    )
