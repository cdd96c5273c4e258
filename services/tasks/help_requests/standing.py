"""Where a help request stands: what is possible now, and which agencies make up a side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import AgencyCode
from contracts.help_terms import HelpAction, HelpState
from contracts.outcome import Refusal
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.transitions import ASKING, Move, Side, When, move, states_for


def possible(request: HelpRequest, action: HelpAction, at: datetime) -> Move:
    """The row of the table for this action now; refuses with ``wrong_state`` if there is none.

    A timer that is due has happened, whether or not the background job has come to it yet.
    """
    state = _state_at(request, at) if action != request.timer else request.state
    row = move(state, action)
    if row is None or not _holds(row.when, request):
        raise wrong_state(request, state, action)
    return row


def acting(request: HelpRequest, deed: Deed, action: HelpAction) -> AgencyCode:
    """The agency that does it; refuses the wrong state, then the wrong side or agency."""
    row = possible(request, action, deed.at)
    if deed.side in row.sides and deed.agency in agencies_of(request, deed.side, action):
        assert deed.agency is not None
        return deed.agency
    raise wrong_side(row.sides)


def wrong_side(sides: Collection[Side]) -> Refusal:
    """Why somebody of another side may not do it."""
    if {"asking", "receiving"} <= set(sides):
        return Refusal("forbidden")
    asks = set(sides) == set(ASKING)
    return Refusal("not_the_asking_agency" if asks else "not_the_receiving_agency")


_ANSWERS: tuple[HelpAction, ...] = ("accept", "decline")
"""What an agency says that was asked and has not answered; the rest is for those who help."""


def agencies_of(
    request: HelpRequest, side: Side, action: HelpAction
) -> "tuple[AgencyCode, ...] | OpenCall":
    """The agencies that make up a side for an action, as the request stands."""
    if side == "asking":
        return (request.asking_agency,)
    if side == "approving":
        return tuple(each.agency for each in request.awaiting_approval)
    joining = action in _ANSWERS or request.helping_agency is None
    if request.to_anyone and joining and action != "hand-on":
        return OpenCall(request)
    return request.waiting if joining else request.responders


@dataclass(frozen=True, slots=True)
class OpenCall:
    """The agencies that may answer an open call: those it reaches, but not who has answered."""

    request: HelpRequest

    def __contains__(self, agency: object) -> bool:
        return isinstance(agency, str) and self.request.is_open_to(agency)


def wrong_state(request: HelpRequest, state: HelpState, action: HelpAction) -> Refusal:
    """The refusal that says where the request stands and who has it."""
    never: set[When] = set() if request.mode == "parts" else {"people missing"}
    never |= set() if request.awaiting_approval else {"proposed"}
    rows = ((each, move(each, action)) for each in states_for(action))
    return Refusal(
        "wrong_state",
        state=state,
        action=action,
        allowed=[each for each, row in rows if row and row.when not in never],
        helping_agency=request.helping_agency,
    )


def _holds(when: When, request: HelpRequest) -> bool:
    """Whether what a row demands beside the state is so."""
    match when:
        case "not accepted":
            return request.helping_agency is None
        case "people missing":
            return request.wants_more
        case "proposed":
            return bool(request.awaiting_approval)
    return True


def _state_at(request: HelpRequest, at: datetime) -> HelpState:
    if request.timer is None or request.timer_at is None or at < request.timer_at:
        return request.state
    row = move(request.state, request.timer)
    return row.to[0] if row else request.state


def rings(request: HelpRequest, action: HelpAction, at: datetime) -> bool:
    """Whether this timer of the request is due."""
    return request.timer == action and request.timer_at is not None and at >= request.timer_at


def record_refused(request: HelpRequest) -> Refusal:
    """Why there is no assignment record yet: nobody has accepted."""
    return Refusal(
        "wrong_state",
        state=request.state,
        action="assignment",
        allowed=["accepted", "in_progress", "delivered", "confirmed"],
        helping_agency=request.helping_agency,
    )
