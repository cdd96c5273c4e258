"""What may become of a help request: one pure function per action.

Each takes the request and the deed (who, for which agency, when) and gives the next state with its
event, or refuses. They are the same for a person's call, an import and a timer; whether the person
may act for the agency is decided before, in :mod:`services.tasks.access`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts import tasks
from contracts.envelope import EmployeeId
from contracts.outcome import Decision, Refusal
from services.tasks.help_requests.answering import (
    accept,
    approve,
    check_places,
    decline,
    hand_on,
    reject,
    require,
)
from services.tasks.help_requests.happening import Outcome, facts, happened
from services.tasks.help_requests.model import (
    Deed,
    Happening,
    HelpRequest,
    Part,
    Work,
)
from services.tasks.help_requests.standing import acting, rings
from services.tasks.service_levels.clock import Pause, elapsed_minutes

__all__ = [
    "MAX_WORK_ENTRIES",
    "accept",
    "answer",
    "approve",
    "ask",
    "ask_for_help",
    "assign",
    "confirm",
    "confirm_by_silence",
    "decline",
    "deliver",
    "expire",
    "hand_on",
    "log_work",
    "reject",
    "send_back",
    "start",
    "withdraw",
]

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


def ask(request: HelpRequest, deed: Deed, question: str) -> Outcome:
    """The receiving side wants to know something first; the ball goes to the asking side."""
    agency = acting(request, deed, "ask")
    require(question, "/question")
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
    require(text, "/text")
    answered = replace(
        _resumed(request, deed.at), state=request.resumes or "requested", resumes=None
    )
    return happened(request, answered, deed, "answer", tasks.HelpAnswered, note=text)


def assign(request: HelpRequest, deed: Deed, people: Sequence[EmployeeId]) -> Outcome:
    """Other people come instead."""
    agency = acting(request, deed, "assign")
    check_places(request, agency, people)
    assigned = request.with_people(agency, tuple(people), deed.at)
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
    """The work is handed over; with the last part the ball goes to the asking side."""
    agency = acting(request, deed, "deliver")
    require(summary, "/summary")
    part = request.part_of(agency)
    assert part is not None
    done = replace(part, delivered_at=deed.at, summary=summary, links=tuple(links))
    handed = request.with_part(done)
    if any(each.delivered_at is None for each in handed.parts):
        return happened(request, handed, deed, "deliver", tasks.HelpPartDelivered, note=summary)
    delivered = replace(
        handed,
        state="delivered",
        delivered_at=deed.at,
        summary=_together(handed.parts),
        links=tuple(link for each in handed.parts for link in each.links),
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
    """The delivery is not what was asked for; the time it lay with the asker does not count.

    Where several took parts, each hands over anew.
    """
    acting(request, deed, "return")
    require(reason)
    waited = Pause(request.delivered_at or deed.at, deed.at)
    again = (replace(each, delivered_at=None, summary=None, links=()) for each in request.parts)
    returned = replace(
        request.with_parts(tuple(again)),
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
    require(reason)
    withdrawn = replace(
        _resumed(request, deed.at), state="withdrawn", resumes=None, ended_at=deed.at
    )
    return happened(request, withdrawn, deed, "withdraw", tasks.HelpWithdrawn, note=reason)


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


def _together(parts: Sequence[Part]) -> str:
    """What all parts delivered, each said by its agency where there are several."""
    if len(parts) == 1:
        return parts[0].summary or ""
    return "\n".join(f"{each.agency}: {each.summary}" for each in parts)


def _resumed(request: HelpRequest, at: datetime) -> HelpRequest:
    """The request with the open pause, if any, ended."""
    pauses = tuple(
        replace(pause, end=at) if pause.end is None else pause for pause in request.pauses
    )
    return replace(request, pauses=pauses, question=None)
