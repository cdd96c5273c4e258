"""How an agency that was asked answers: it accepts, declines, or hands the request on.

Pure like all of :mod:`services.tasks.help_requests.decisions`, which offers these too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts import tasks
from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_terms import HelpAction
from contracts.outcome import Refusal
from services.tasks.acceptance_rules.model import AcceptanceRule
from services.tasks.help_requests.happening import Outcome, happened
from services.tasks.help_requests.model import Deed, HelpRequest, Leaving, Proposal, Receiver
from services.tasks.help_requests.standing import acting
from services.tasks.service_levels.clock import Reason, elapsed_minutes, explain


def accept(
    request: HelpRequest,
    deed: Deed,
    people: Sequence[EmployeeId],
    rule: AcceptanceRule | None = None,
) -> Outcome:
    """The receiving agency takes it and names who comes; its response clock stops.

    Where each takes a part, the first part makes the request accepted and the others join it.
    What the agency's rule leaves to its head is proposed only: the request stays as it is, and so
    does the clock.
    """
    agency = acting(request, deed, "accept")
    check_places(request, agency, people)
    zone_name = deed.schedule.zone
    reasons = () if rule is None else rule.reasons(people, request.due, deed.at, zone_name)
    if rule is not None and reasons and not deed.as_head:
        proposal = Proposal(agency, tuple(people), deed.at, deed.by, deed.account, rule.id)
        return _proposed(request, deed, proposal, reasons)
    return _accepted(request, deed, agency, tuple(people), "accept")


def approve(request: HelpRequest, deed: Deed) -> Outcome:
    """The head lets a proposed acceptance count, from now on."""
    agency = acting(request, deed, "approve")
    proposal = request.proposal_of(agency)
    assert proposal is not None
    check_places(request, agency, proposal.people)
    return _accepted(request, deed, agency, proposal.people, "approve")


def reject(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The head does not let a proposed acceptance count; another answer is waited for."""
    agency = acting(request, deed, "reject")
    require(reason)
    left = request.without_proposal(agency)
    return happened(request, left, deed, "reject", tasks.HelpAcceptanceRejected, note=reason)


def _proposed(
    request: HelpRequest, deed: Deed, proposal: Proposal, reasons: tuple[Reason, ...]
) -> Outcome:
    agency = proposal.agency
    others = request.without_proposal(agency).awaiting_approval
    waiting = replace(request.with_involved(agency), awaiting_approval=(*others, proposal))
    return happened(
        request,
        waiting,
        deed,
        "accept",
        tasks.HelpAcceptanceProposed,
        explanation=reasons,
    )


def _accepted(
    request: HelpRequest,
    deed: Deed,
    agency: AgencyCode,
    people: tuple[EmployeeId, ...],
    action: HelpAction,
) -> Outcome:
    clock = request.response_clock_of(agency)
    minutes = elapsed_minutes(clock, deed.at, deed.schedule)
    taken = request if request.parts else _taken_on(request, agency, deed, minutes)
    if all(each.agency != agency for each in taken.receivers):
        receiver = Receiver(agency, request.requested_at)
        taken = replace(taken, receivers=(*taken.receivers, receiver))
    taken = taken.with_people(agency, people, deed.at).with_involved(agency)
    left = taken.without_proposal(agency).awaiting_approval if taken.wants_more else ()
    return happened(
        request,
        replace(taken, awaiting_approval=left),
        deed,
        action,
        tasks.HelpAccepted,
        people=people,
        explanation=explain(clock, deed.at, deed.schedule, rule="response_minutes"),
        responding_agency=agency,
        response_minutes=minutes,
    )


def decline(request: HelpRequest, deed: Deed, reason: str) -> Outcome:
    """The receiving agency says no; of several only it leaves, an open call stays open."""
    agency = acting(request, deed, "decline")
    require(reason)
    clock = request.response_clock_of(agency)
    minutes = elapsed_minutes(clock, deed.at, deed.schedule)
    left = _left(request, agency, "declined", deed.at).with_involved(agency)
    if not left.responders and not left.to_anyone:  # with a part taken, somebody is left
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


def hand_on(request: HelpRequest, deed: Deed, to: AgencyCode, reason: str) -> Outcome:
    """Another agency is asked instead; its clock begins now, the history stays.

    Where several took parts, only the part of this agency is passed on.
    """
    agency = acting(request, deed, "hand-on")
    require(reason)
    if to == request.asking_agency or any(each.agency == to for each in request.receivers):
        raise Refusal.invalid("/to", "must be an agency that was not asked yet")
    left = _left(request, agency, "handed-on", deed.at).with_involved(to)
    asked = Receiver(to, deed.at, terms=deed.terms_of(to, request.priority))
    others = tuple(each for each in request.parts if each.agency != agency)
    if others:
        passed = replace(left.with_parts(others), receivers=(*left.receivers, asked))
        return happened(
            request, passed, deed, "hand-on", tasks.HelpHandedOn, note=f"{to}: {reason}"
        )
    receivers = [
        replace(each, since=deed.at) if request.helping_agency and each.left is None else each
        for each in left.receivers
    ]
    handed = replace(
        left.with_parts(()),
        state="requested",
        to_anyone=False,
        receivers=(*receivers, asked),
        responding_agency=None,
        responded_at=None,
        response_minutes=None,
        accepted_at=None,
        completion_target=None,
    )
    return happened(request, handed, deed, "hand-on", tasks.HelpHandedOn, note=f"{to}: {reason}")


def check_places(request: HelpRequest, agency: AgencyCode, people: Sequence[EmployeeId]) -> None:
    """Of a request in parts, nobody takes more places than are left."""
    own = request.part_of(agency)
    free = request.people_missing + (len(own.people) if own else 0)
    if request.mode == "parts" and len(people) > free:
        raise Refusal.invalid("/people", f"at most {free} people are still wanted")


def require(text: str, pointer: str = "") -> None:
    """Refuse to go on without words: ``reason_required``, or by the field at the pointer."""
    if text.strip():
        return
    raise Refusal.invalid(pointer, "must say something") if pointer else Refusal("reason_required")


def _taken_on(request: HelpRequest, agency: AgencyCode, deed: Deed, minutes: int) -> HelpRequest:
    """The request with its first word of acceptance: the answer that was waited for."""
    return replace(
        request,
        state="accepted",
        responding_agency=agency,
        responded_at=deed.at,
        response_minutes=minutes,
        accepted_at=deed.at,
        completion_target=request.completion_target_from(
            deed.at, deed.schedule, request.terms_of(agency)
        ),
    )


def _left(request: HelpRequest, agency: AgencyCode, how: Leaving, at: datetime) -> HelpRequest:
    stay = [each for each in request.receivers if each.agency != agency]
    own = [each for each in request.receivers if each.agency == agency]
    gone = replace(own[0] if own else Receiver(agency, at), left=how)
    return replace(request.without_proposal(agency), receivers=(*stay, gone))
