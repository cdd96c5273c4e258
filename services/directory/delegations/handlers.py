"""Delegations: given, revoked, listed, and asked for when somebody acts for another."""

from contracts.envelope import Command, EmployeeId, Grant, Query, Verdict
from contracts.identity import (
    Delegate,
    DelegationView,
    ListDelegations,
    MayActFor,
    MayActForAnswer,
    RevokeDelegation,
)
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.directory import access
from services.directory.context import Directory
from services.directory.delegations.model import Delegation, delegate, revoke
from services.directory.delegations.views import view, views
from services.directory.lists import day_of, order

handlers: Handlers[Directory] = Handlers()

_SORTS = {"from": "begins", "until": "until"}


@handlers.handles(Delegate)
async def give_delegation(command: Command[Delegate], directory: Directory) -> Verdict:
    """Let another person act for the caller."""
    access.require(access.may_delegate(command.actor))
    delegator, body = command.actor.employee, command.body
    assert delegator is not None
    people = await directory.people({delegator, body.to})
    if body.to not in people:
        raise Refusal.invalid("/to", f"there is no person {body.to}")
    id_ = derived_id(command.id, "delegation")
    on = day_of(None, command.received_at)
    return await directory.delegations.change(
        id_,
        lambda _: delegate(id_, delegator, body, at=command.received_at),
        command,
        answer=lambda stored: view(stored, people, delegator, on),
        status=201,
    )


@handlers.handles(RevokeDelegation)
async def revoke_delegation(command: Command[RevokeDelegation], directory: Directory) -> Verdict:
    """End a delegation; only the person who gave it may, and the city's administrator."""
    stored = await directory.delegations.get(command.body.delegation)
    if stored is None or not _concerns(stored, command):
        raise Refusal("not_found")
    me = command.actor.employee
    access.require(me == stored.state.delegator or access.administers_city(command.actor))
    people = await directory.people({stored.state.delegator, stored.state.to})
    on = day_of(None, command.received_at)
    return await directory.delegations.change(
        stored.id,
        lambda delegation: revoke(delegation, at=command.received_at),
        command,
        answer=lambda ended: view(ended, people, me, on),
    )


@handlers.answers(ListDelegations)
async def list_delegations(
    query: Query[ListDelegations], directory: Directory
) -> Page[DelegationView]:
    """The delegations the caller gave or received."""
    me, paging = query.actor.employee, query.body
    mine = {"$or": [{"delegator": me or ""}, {"to": me or ""}]}
    found, cursor = await directory.delegations.page(
        {} if access.sees_every_delegation(query.actor) else mine,
        sort=order(paging, _SORTS, "_id"),
        limit=paging.limit,
        cursor=paging.cursor,
    )
    named = {person for one in found for person in (one.state.delegator, one.state.to)}
    on = day_of(None, query.received_at)
    return Page(items=views(found, await directory.people(named), me, on), next_cursor=cursor)


@handlers.answers(MayActFor)
async def may_act_for(query: Query[MayActFor], directory: Directory) -> MayActForAnswer:
    """Whether the caller may act for a person today."""
    me = query.actor.employee
    if me is None:
        return MayActForAnswer(allowed=False)
    on = day_of(None, query.received_at)
    given = [
        each.state
        for each in await directory.delegations.to_person(EmployeeId(me), on)
        if each.state.delegator == query.body.employee
    ]
    rights = tuple(dict.fromkeys(right for one in given for right in one.rights))
    until = max((one.until for one in given), default=None)
    grants = await _headships(directory, query.body.employee) if given else ()
    return MayActForAnswer(allowed=bool(given), rights=rights, grants=grants, until=until)


async def _headships(directory: Directory, delegator: str) -> tuple[Grant, ...]:
    """What a person heads by the accounts they hold."""
    accounts = await directory.accounts.find({"employee": delegator, "active": True})
    held = (grant for one in accounts for grant in one.state.grants if grant.role == "head")
    return tuple(dict.fromkeys(held))


def _concerns(stored: Stored[Delegation], command: Command[RevokeDelegation]) -> bool:
    me = command.actor.employee
    return me in (stored.state.delegator, stored.state.to) or access.administers_city(command.actor)
