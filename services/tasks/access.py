"""Who may see a help request and do what with it, as pure functions; whatever is not said is no.

* Asking side: heads of the asking agency and above it. Receiving side: heads and responders of the
  agency that is asked (or helps) and above it; for an open call all whom it reaches. Assigned
  people start, log, deliver. What a responder proposed, a head approves who did not propose it.
* Seen by both sides, by whoever is or was assigned, by administrators and auditors of the city.
  A sensitive one is seen by the heads of exactly the agencies involved and the people on it, and by
  auditors.
* Administrators read; they do not act for an agency they do not head.
* An inbox is its owner's alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.envelope import CITY, Actor, AgencyCode, RoleName
from contracts.help_terms import HelpAction
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.tasks.help_requests.model import EVERYBODY, HelpRequest
from services.tasks.help_requests.standing import OpenCall, agencies_of, possible, wrong_side
from services.tasks.help_requests.transitions import ACTIONS, Side, sides_for
from services.tasks.notifications.model import Notification

_ANSWERERS: tuple[RoleName, ...] = ("head", "responder")
_READERS: tuple[RoleName, ...] = ("admin", "auditor")


@dataclass(frozen=True, slots=True)
class Party:
    """A side somebody is on, and the agency they act for there."""

    side: Side
    agency: AgencyCode
    as_head: bool = True


def may_see(actor: Actor, request: HelpRequest, tree: AgencyTree) -> bool:
    """Whether the caller may know of the request at all."""
    if actor.employee is not None and actor.employee in request.participants:
        return True
    if request.sensitive:
        heads = actor.scopes("head")
        return actor.has("auditor") or any(agency in heads for agency in request.involved)
    if _reads(actor, request, tree):
        return True
    answerers = actor.scopes(*_ANSWERERS)
    if any(_is_called(scope, request, tree) for scope in answerers):
        return True
    if any(_responds(actor, each.agency, tree) for each in request.receivers):
        return True
    return any(_heads(actor, agency, tree) for agency in request.involved)


def seen_by(actor: Actor, tree: AgencyTree) -> Mapping[str, Any]:
    """The same as :func:`may_see`, as a condition on stored requests."""
    heads = actor.scopes("head")
    open_ones: dict[str, Any] = {"sensitive": False}
    ways: list[Mapping[str, Any]] = []
    if actor.employee is not None:
        ways.append({"participants": actor.employee})
    if heads:
        ways.append({"sensitive": True, "involved": {"$in": sorted(heads)}})
    if answerers := actor.scopes(*_ANSWERERS):
        reached = sorted({code for scope in answerers for code in tree.below(scope)})
        called = {} if CITY in answerers else {"called": {"$in": [EVERYBODY, *reached]}}
        ways.append({**open_ones, "to_anyone": True, **called})
        named = {"$exists": True} if CITY in answerers else {"$in": reached}
        ways.append({**open_ones, "receivers.agency": named})
    if actor.has("auditor"):
        ways.append({"sensitive": True})
    for scope in {*heads, *actor.scopes(*_READERS)}:
        within = {} if scope == CITY else {"involved": {"$in": sorted(tree.below(scope))}}
        ways.append({**open_ones, **within})
    return {"$or": ways} if ways else {"_id": None}


def see(actor: Actor, request: HelpRequest | None, tree: AgencyTree) -> HelpRequest:
    """The request, or ``not_found`` where the caller may not know of it."""
    if request is None or not may_see(actor, request, tree):
        raise Refusal("not_found")
    return request


def asking_agency(actor: Actor, wanted: str | None, tree: AgencyTree) -> AgencyCode:
    """The agency in whose name the caller asks for help: one that the caller heads."""
    scopes = sorted({scope for scope in actor.scopes("head") if scope != CITY})
    if not actor.has("head"):
        raise Refusal("forbidden")
    if wanted is not None:
        if not _heads(actor, wanted, tree):
            raise Refusal("forbidden")
        return AgencyCode(wanted)
    if len(scopes) != 1:
        raise Refusal.invalid("/asking_agency", f"say which: {', '.join(scopes) or 'any agency'}")
    return AgencyCode(scopes[0])


def leads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the caller heads the agency or one above it."""
    return _heads(actor, agency, tree)


def may_draft(actor: Actor) -> None:
    """Whoever may ask for help may begin to write it down; drafts are their author's alone."""
    if not actor.has("head"):
        raise Refusal("forbidden")


def writes_templates(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the caller heads the agency, or one above it, whose requests these shape."""
    return _heads(actor, agency, tree)


def may_see_templates(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """Those who ask in the name of the agency, administrators and auditors."""
    reads = any(tree.covers(scope, agency) for scope in actor.scopes(*_READERS))
    if not reads and not _heads(actor, agency, tree):
        raise Refusal("forbidden")


def may_import(actor: Actor) -> None:
    """Only the loader brings in what other systems recorded."""
    if not actor.has("loader"):
        raise Refusal("forbidden")


def own_inbox(actor: Actor) -> str:
    """The person whose inbox the caller reads: their own and nobody else's."""
    if actor.employee is None:
        raise Refusal("forbidden")
    return actor.employee


def may_be_told(
    actor: Actor, told: Notification, supervisors: Collection[str], tree: AgencyTree
) -> bool:
    """Whether the caller still is what they were told as: the person, a supervisor, a head."""
    if told.supervises is not None:
        return actor.employee in supervisors
    if told.heads is not None:
        return _heads(actor, told.heads, tree)
    return actor.employee == told.person


def may_send_files(actor: Actor) -> None:
    """Files come from people; an account without a person behind it has nothing to attach to."""
    if actor.employee is None:
        raise Refusal("forbidden")


def parties(
    actor: Actor,
    request: HelpRequest,
    action: HelpAction,
    tree: AgencyTree,
    at: datetime,
    *,
    wanted: str | None = None,
) -> tuple[Party, ...]:
    """Every side and agency for which the caller may do this now; raises ``wrong_state``.

    An open call is answered for the agencies one heads oneself, or for the one that is ``wanted``.
    """
    row = possible(request, action, at)
    found: list[Party] = []
    for side in row.sides:
        if side == "assigned":
            own = (each.agency for each in request.parts if actor.employee in each.people)
            found += [Party(side, agency) for agency in own]
            continue
        if side == "timer":
            continue
        agencies = agencies_of(request, side, action)
        codes = _own(actor, agencies, wanted) if isinstance(agencies, OpenCall) else agencies
        found += [
            Party(side, code, _heads(actor, code, tree))
            for code in codes
            if _stands_for(actor, side, code, request, tree)
        ]
    return tuple(found)


def party(
    actor: Actor,
    request: HelpRequest,
    action: HelpAction,
    tree: AgencyTree,
    at: datetime,
    *,
    wanted: str | None = None,
) -> Party:
    """The side and agency of this call: not of the side → 403, not now → 409, several → say which.

    Of several agencies the one the caller heads directly goes first.
    """
    must_be_of_side(actor, request, action, tree)
    found = parties(actor, request, action, tree, at, wanted=wanted)
    if wanted is not None:
        found = tuple(each for each in found if each.agency == wanted)
    if not found:
        raise _wrong_side(action)
    mine = [each for each in found if each.agency in actor.scopes(*_ANSWERERS)]
    chosen = found if len(found) == 1 else mine or found
    if len({each.agency for each in chosen}) > 1:
        codes = ", ".join(sorted({each.agency for each in chosen}))
        raise Refusal.invalid("/agency", f"say for which agency: {codes}")
    return chosen[0]


def must_be_of_side(
    actor: Actor, request: HelpRequest, action: HelpAction, tree: AgencyTree
) -> None:
    """Refuse who belongs to no side that may ever do this with this request."""
    if not _is_of_side(actor, request, action, tree):
        raise _wrong_side(action)


def permitted(
    actor: Actor, request: HelpRequest, tree: AgencyTree, at: datetime
) -> tuple[HelpAction, ...]:
    """What the caller may do with the request now, from the same table and the same rights."""

    def may(action: HelpAction) -> bool:
        try:
            return bool(parties(actor, request, action, tree, at))
        except Refusal:
            return False

    return tuple(action for action in ACTIONS if may(action))


def _is_of_side(actor: Actor, request: HelpRequest, action: HelpAction, tree: AgencyTree) -> bool:
    """Whether the caller belongs to a side that may ever do this with this request."""
    sides = sides_for(action)
    if "asking" in sides and _heads(actor, request.asking_agency, tree):
        return True
    if "assigned" in sides and actor.employee in request.people_assigned:
        return True
    if sides.isdisjoint({"receiving", "approving"}):
        return False
    stands = _heads if "approving" in sides else _responds
    asked = {*request.receiving_agencies, *request.responders}
    if any(stands(actor, agency, tree) for agency in asked):
        return True
    scopes = actor.scopes("head") if "approving" in sides else actor.scopes(*_ANSWERERS)
    others = {*scopes} - {request.asking_agency}
    return any(_is_called(scope, request, tree) for scope in others)


def _wrong_side(action: HelpAction) -> Refusal:
    return wrong_side(sides_for(action))


def _own(actor: Actor, call: OpenCall, wanted: str | None) -> tuple[AgencyCode, ...]:
    codes = sorted(set(actor.scopes(*_ANSWERERS)) - {CITY}) if wanted is None else [wanted]
    return tuple(AgencyCode(code) for code in codes if code in call)


def _is_called(scope: str, request: HelpRequest, tree: AgencyTree) -> bool:
    """Whether an open call reaches the agencies of this scope."""
    if not request.to_anyone:
        return False
    return (
        scope == CITY
        or EVERYBODY in request.called
        or not tree.below(scope).isdisjoint(request.called)
    )


def _stands_for(
    actor: Actor, side: Side, agency: str, request: HelpRequest, tree: AgencyTree
) -> bool:
    """Whether the caller speaks for an agency on a side; nobody approves what they proposed."""
    if side == "receiving":
        return _responds(actor, agency, tree)
    proposal = request.proposal_of(agency) if side == "approving" else None
    if proposal is not None and proposal.account == actor.account:
        return False
    return _heads(actor, agency, tree)


def sees_proposal(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the caller may know whom an agency would send before its head has approved."""
    return actor.has("auditor") or _responds(actor, agency, tree)


def may_set_acceptance_rules(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """The heads of an agency and above it, and the city's administrator, enter its rules."""
    if not sets_acceptance_rules(actor, agency, tree):
        raise Refusal("forbidden")


def sets_acceptance_rules(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the caller enters rules for an agency."""
    return CITY in actor.scopes("admin") or _heads(actor, agency, tree)


def _responds(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    return any(tree.covers(scope, agency) for scope in actor.scopes(*_ANSWERERS))


def _heads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    return any(tree.covers(scope, agency) for scope in actor.scopes("head"))


def _reads(actor: Actor, request: HelpRequest, tree: AgencyTree) -> bool:
    return any(
        tree.covers(scope, agency)
        for scope in actor.scopes(*_READERS)
        for agency in request.involved
    )
