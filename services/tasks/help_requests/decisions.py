"""What may become of a help request: one pure function per action.

Each takes the request and the deed (who, for which agency, when) and gives the next state with its
event, or refuses. They are the same for a person's call, an import and a timer; whether the person
may act for the agency is decided before, in :mod:`services.tasks.access`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts import tasks
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from services.tasks.help_requests.happening import Outcome, facts, happened
from services.tasks.help_requests.model import Deed, Happening, HelpRequest, Leaving, Receiver, Work
from services.tasks.help_requests.standing import acting, rings
from services.tasks.service_levels.clock import Pause, elapsed_minutes, explain

MAX_WORK_ENTRIES = 1_000


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
        completion_target=request.completion_target_from(
            deed.at, deed.schedule, request.terms_of(agency)
        ),
        receivers=request.receivers
        if any(each.agency == agency for each in request.receivers)
        else (*request.receivers, Receiver(agency, request.requested_at)),
    )
    taken = taken.with_people(tuple(people), deed.at).with_involved(agency)
    return happened(
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
    return happened(
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
    return happened(request, asked, deed, "ask", tasks.HelpAsked, note=question)


def answer(request: HelpRequest, deed: Deed, text: str) -> Outcome:
    """The asking side answers; the request goes back to where the question was asked."""
    acting(request, deed, "answer")
    _require(text, "/text")
    answered = replace(
        _resumed(request, deed.at), state=request.resumes or "requested", resumes=None
    )
    return happened(request, answered, deed, "answer", tasks.HelpAnswered, note=text)


def assign(request: HelpRequest, deed: Deed, people: Sequence[EmployeeId]) -> Outcome:
    """Other people come instead."""
    acting(request, deed, "assign")
    assigned = request.with_people(tuple(people), deed.at)
    return happened(request, assigned, deed, "assign", tasks.HelpAssigned, people=tuple(people))


def start(request: HelpRequest, deed: Deed) -> Outcome:
    """The work begins."""
    acting(request, deed, "start")
    begun = replace(request, state="in_progress")
    return happened(request, begun, deed, "start", tasks.HelpStarted)


def log_work(request: HelpRequest, deed: Deed, minutes: int, note: str) -> Outcome:
    """Minutes of work are written down for whoever writes them."""
    acting(request, deed, "log")
    if len(request.work) >= MAX_WORK_ENTRIES:
        raise Refusal("quota_exceeded", limit=MAX_WORK_ENTRIES)
    work = (*request.work, Work(deed.by, deed.at, minutes, note))
    return happened(request, replace(request, work=work), deed, "log", tasks.HelpLogged, note=note)


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
    if (clock := delivered.completion_clock()) is not None:
        minutes = elapsed_minutes(clock, deed.at, deed.schedule)
        delivered = replace(delivered, completion_minutes=minutes)
    return happened(request, delivered, deed, "deliver", tasks.HelpDelivered, note=summary)


def confirm(request: HelpRequest, deed: Deed, rating: int, thanks: str = "") -> Outcome:
    """The asking side takes the delivery and says how good the help was."""
    acting(request, deed, "confirm")
    if not 1 <= rating <= 5:
        raise Refusal.invalid("/rating", "must be 1 to 5")
    confirmed = replace(
        request, state="confirmed", rating=rating, thanks=thanks or None, ended_at=deed.at
    )
    return happened(request, confirmed, deed, "confirm", tasks.HelpConfirmed, note=thanks)


def send_back(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The delivery is not what was asked for; the time it lay with the asker does not count."""
    acting(request, deed, "return")
    _require(reason)
    waited = Pause(request.delivered_at or deed.at, deed.at)
    returned = replace(
        request,
        state="in_progress",
        delivered_at=None,
        completion_minutes=None,
        summary=None,
        links=(),
        pauses=(*request.pauses, waited),
    )
    return happened(request, returned, deed, "return", tasks.HelpReturned, note=reason)


def withdraw(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The asking side needs it no longer."""
    acting(request, deed, "withdraw")
    _require(reason)
    withdrawn = replace(
        _resumed(request, deed.at), state="withdrawn", resumes=None, ended_at=deed.at
    )
    return happened(request, withdrawn, deed, "withdraw", tasks.HelpWithdrawn, note=reason)


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
        receivers=(*receivers, Receiver(to, deed.at, terms=deed.terms_of(to, request.priority))),
        helping_agency=None,
        responding_agency=None,
        responded_at=None,
        response_minutes=None,
        accepted_at=None,
        completion_target=None,
        people_assigned=(),
    )
    return happened(request, handed, deed, "hand-on", tasks.HelpHandedOn, note=f"{to}: {reason}")


def expire(request: HelpRequest, deed: Deed) -> Outcome:
    """The moment it was needed by has passed without an acceptance."""
    if not rings(request, "expire", deed.at):
        return Decision(request)
    expired = replace(_resumed(request, deed.at), state="expired", resumes=None, ended_at=deed.at)
    return happened(request, expired, deed, "expire", tasks.HelpExpired)


def confirm_by_silence(request: HelpRequest, deed: Deed) -> Outcome:
    """Nobody answered the delivery for ten working days: it counts as taken, without a rating."""
    if not rings(request, "auto-confirm", deed.at):
        return Decision(request)
    confirmed = replace(request, state="confirmed", confirmed_by_silence=True, ended_at=deed.at)
    return happened(request, confirmed, deed, "auto-confirm", tasks.HelpConfirmed)


def _left(request: HelpRequest, agency: AgencyCode, how: Leaving, at: datetime) -> HelpRequest:
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


def _require(text: str, pointer: str = "") -> None:
    if text.strip():
        return
    raise Refusal.invalid(pointer, "must say something") if pointer else Refusal("reason_required")
