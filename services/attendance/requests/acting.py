"""What every feature of requests shares: seeing one, listing them, and carrying out an action."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel

from contracts.envelope import Actor, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.requests import OnRequest, RequestAction
from kit.storage.aggregates import Stored
from rules.agencies import AgencyTree
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.requests.model import Request
from services.attendance.requests.onlooker import Onlooker, onlooker_of
from services.attendance.requests.store import Filter, RequestStore

DR = TypeVar("DR", bound=Request)
V = TypeVar("V", bound=BaseModel)

View = Callable[[Stored[DR], Onlooker], V]


async def see(
    message: Command[Any] | Query[Any],
    attendance: Attendance,
    store: RequestStore[DR],
) -> tuple[Stored[DR], Onlooker]:
    """The request a message is about and its caller; what one may not know of is not found."""
    stored = await store.found(message.body.id)
    onlooker = await onlooker_of(message, attendance, stored.state.people)
    if not onlooker.sees(stored.state):
        raise Refusal("not_found")
    return stored, onlooker


async def show(
    query: Query[Any], attendance: Attendance, store: RequestStore[DR], view: View[DR, V]
) -> Answer:
    """One request as the caller sees it."""
    stored, onlooker = await see(query, attendance, store)
    shown = view(stored, onlooker)
    return Answer(result=shown.model_dump_json(by_alias=True), version=stored.version)


async def act(
    command: Command[Any],
    attendance: Attendance,
    store: RequestStore[DR],
    action: RequestAction,
    view: View[DR, V],
    *,
    said: OnRequest | None = None,
    amend: Callable[[DR], DR] | None = None,
) -> Verdict:
    """Carry out one action: who may, in a state that allows it, at the version that was seen.

    ``amend`` is what else the action changes about the request.
    """
    said = said or command.body
    seen, onlooker = await see(command, attendance, store)
    if action not in onlooker.rights(seen.state):
        refuse_action(onlooker, seen.state, action)
    deed = onlooker.deed(said.note)

    def decide(request: DR | None) -> Decision[DR]:
        if request is None:
            raise Refusal("not_found")
        if action not in onlooker.rights(request):
            refuse_action(onlooker, request, action)
        after = (amend(request) if amend else request).after(action, deed)
        return Decision(after, (after.decided(),))

    return await store.change(
        said.id,
        decide,
        command,
        answer=lambda stored: view(stored, onlooker),
        if_match=said.if_match,
    )


def refuse_action(onlooker: Onlooker, request: Request, action: RequestAction) -> NoReturn:
    """Say no: by the state, to those who have a part in the request; else they may not."""
    if action in {"withdraw", "revoke"} and onlooker.concerns(request):
        if not request.can(action):
            request.after(action, onlooker.deed("-"))  # refuses by the table
        raise Refusal("wrong_state", state=request.state, action=action, allowed=["pending"])
    raise Refusal("forbidden")


async def ask(
    command: Command[Any],
    attendance: Attendance,
    store: RequestStore[DR],
    fresh: DR,
    view: View[DR, V],
    *,
    note: str = "",
) -> Verdict:
    """Store a new request with its first step; once for a command."""
    onlooker = await onlooker_of(command, attendance, fresh.people)
    begun = fresh.begun(onlooker.deed(note))
    return await store.change(
        fresh.id,
        lambda known: Decision(begun, (begun.requested(),)) if known is None else Decision(known),
        command,
        answer=lambda stored: view(stored, onlooker),
        status=201,
    )


async def page(
    query: Query[Any],
    attendance: Attendance,
    store: RequestStore[DR],
    view: View[DR, V],
    conditions: Sequence[Filter] = (),
) -> Page[V]:
    """The requests the caller may see, filtered, newest first."""
    body = query.body
    tree = await attendance.copies.tree()
    found, cursor = await store.listed(
        [
            await seen_by(query.actor, attendance, tree),
            {"employee": {"$in": list(body.employee_id)}} if body.employee_id else {},
            of_agencies(body.agency, tree, exact=body.exact),
            {"state": {"$in": list(body.state)}} if body.state else {},
            *conditions,
        ],
        sort=body.sort,
        limit=body.limit,
        cursor=body.cursor,
    )
    named = {who for stored in found for who in stored.state.people}
    onlooker = await onlooker_of(query, attendance, named)
    items = tuple(view(stored, onlooker) for stored in found if onlooker.sees(stored.state))
    return Page(items=items, next_cursor=cursor)


async def seen_by(actor: Actor, attendance: Attendance, tree: AgencyTree) -> Filter:
    """Which requests the caller may see, as a condition; the finer check follows per request."""
    if actor.has("admin", "auditor"):
        return {}
    selves = access.selves_of(actor)
    ways: list[Filter] = await led_by(actor, attendance, tree)
    if actor.employee is not None:
        ways.append({"employee": actor.employee})
    return {"$or": ways} if ways and selves | set(actor.scopes("head")) else {"_id": None}


async def led_by(actor: Actor, attendance: Attendance, tree: AgencyTree) -> list[Filter]:
    """The ways in which a request waits for this caller: by agency, or by supervision."""
    ways: list[Filter] = []
    scopes = set(actor.scopes("head"))
    if "*" in scopes:
        ways.append({"state": {"$exists": True}})
    agencies: set[str] = set().union(*(tree.below(scope) for scope in scopes))
    if agencies:
        ways.append({"agencies": {"$in": sorted(agencies)}})
    supervised = await attendance.copies.people.ever_supervised_by(access.selves_of(actor))
    if supervised:
        ways.append({"employee": {"$in": supervised}})
    return ways


def of_agencies(codes: Iterable[str], tree: AgencyTree, *, exact: bool) -> Filter:
    """Requests of these agencies, those below included unless exactly these are meant."""
    wanted = {below for code in codes for below in ({code} if exact else tree.below(code))}
    return {"agency": {"$in": sorted(wanted)}} if wanted else {}
