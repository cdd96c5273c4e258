"""Accounts: made, closed, given rights and passwords."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.envelope import Actor, Answer, Command, Grant, Query, Verdict
from contracts.identity import (
    AccountView,
    ChangeAccount,
    ChangePassword,
    CreateAccount,
    Done,
    GetAccount,
    ListAccounts,
    PasswordsSet,
    SetInitialPasswords,
)
from contracts.outcome import FieldError, Refusal
from contracts.paging import Page
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.agencies import AgencyTree
from rules.assignments import agencies_on
from services.directory import access
from services.directory.accounts.model import Account, change, create
from services.directory.context import Directory
from services.directory.employees.model import Employee
from services.directory.lists import day_of, order
from services.directory.words import all_of

handlers: Handlers[Directory] = Handlers()

_SORTS = {"username": "_id"}


@dataclass(frozen=True, slots=True)
class _Beholder:
    """Who looks at accounts, and the people behind them."""

    actor: Actor
    on: date
    tree: AgencyTree
    people: Mapping[str, Stored[Employee]]
    with_password: set[str]

    def agencies(self, account: Account) -> tuple[str, ...]:
        person = self.people.get(account.employee or "")
        return agencies_on(person.state.assignments, self.on) if person else ()

    def sees(self, account: Account) -> bool:
        return access.sees_account(self.actor, self.agencies(account), self.tree)

    def actions(self, account: Account) -> tuple[access.AccountAction, ...]:
        return access.account_actions(
            self.actor, account.username, account.grants, self.agencies(account), self.tree
        )

    def view(self, stored: Stored[Account]) -> AccountView:
        account = stored.state
        return AccountView(
            username=account.username,
            employee=account.employee,
            grants=account.grants,
            active=account.active,
            has_password=account.username in self.with_password,
            actions=self.actions(account),
            version=stored.version,
        )


async def _beholder(
    directory: Directory, asked: Command[Any] | Query[Any], accounts: Iterable[Account]
) -> _Beholder:
    shown = list(accounts)
    return _Beholder(
        actor=asked.actor,
        on=day_of(None, asked.received_at),
        tree=await directory.agencies.tree(),
        people=await directory.employees.get_many({a.employee for a in shown if a.employee}),
        with_password=await directory.passwords.holders(a.username for a in shown),
    )


@handlers.handles(CreateAccount)
async def create_account(command: Command[CreateAccount], directory: Directory) -> Verdict:
    """Make an account; it cannot sign in before it has a password."""
    access.require(access.administers_city(command.actor))
    body = command.body
    await _must_make_sense(directory, body.grants)
    if body.employee and await directory.employees.get(body.employee) is None:
        raise Refusal.invalid("/employee", f"there is no person {body.employee}")
    wanted = Account(body.username, body.employee, body.grants, command.received_at)
    beholder = await _beholder(directory, command, [wanted])
    return await directory.accounts.change(
        body.username,
        lambda account: create(
            account,
            body.username,
            employee=body.employee,
            grants=body.grants,
            at=command.received_at,
        ),
        command,
        answer=beholder.view,
        status=201,
    )


@handlers.handles(ChangeAccount)
async def change_account(command: Command[ChangeAccount], directory: Directory) -> Verdict:
    """Close or reopen an account, or set its rights; nobody does so with the own one."""
    body = command.body
    stored = await directory.accounts.get(body.username)
    beholder = await _beholder(directory, command, [stored.state] if stored else [])
    if stored is None or not beholder.sees(stored.state):
        raise Refusal("not_found")
    allowed = beholder.actions(stored.state)
    if body.changes.active is not None:
        access.require("active" in allowed)
    if body.changes.grants is not None:
        access.require("grants" in allowed)
        await _must_make_sense(directory, body.changes.grants)
    access.require(bool(allowed))
    moment = now()  # the rights as they are from now on; tokens made until now are worthless
    return await directory.accounts.change(
        body.username,
        lambda account: change(account, body.changes, at=moment),
        command,
        answer=beholder.view,
        if_match=body.if_match,
    )


@handlers.answers(GetAccount)
async def get_account(query: Query[GetAccount], directory: Directory) -> Answer:
    """One account."""
    stored = await directory.accounts.get(query.body.username)
    beholder = await _beholder(directory, query, [stored.state] if stored else [])
    if stored is None or not beholder.sees(stored.state):
        raise Refusal("not_found")
    found = beholder.view(stored)
    return Answer(result=found.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(ListAccounts)
async def list_accounts(query: Query[ListAccounts], directory: Directory) -> Page[AccountView]:
    """The accounts the caller may see; a head sees those of the people below."""
    access.require(access.lists_accounts(query.actor))
    body = query.body
    conditions: list[Mapping[str, Any]] = await _visible(query, directory)
    if body.username:
        conditions.append({"_id": {"$in": list(body.username)}})
    if body.employee:
        conditions.append({"employee": {"$in": list(body.employee)}})
    if body.active is not None:
        conditions.append({"active": body.active})
    found, cursor = await directory.accounts.page(
        all_of(conditions),
        sort=order(body, _SORTS, "_id"),
        limit=body.limit,
        cursor=body.cursor,
    )
    beholder = await _beholder(directory, query, [each.state for each in found])
    seen = [each for each in found if beholder.sees(each.state)]
    return Page(items=tuple(map(beholder.view, seen)), next_cursor=cursor)


@handlers.answers(SetInitialPasswords)
async def set_initial_passwords(
    query: Query[SetInitialPasswords], directory: Directory
) -> PasswordsSet:
    """Give accounts without a password this one; one hash for all of them."""
    access.require(access.sets_passwords(query.actor))
    wanted = query.body.usernames
    condition = {} if wanted is None else {"_id": {"$in": list(wanted)}}
    named = await directory.accounts.names(condition)
    without = sorted(named - await directory.passwords.holders(named))
    if not without:
        return PasswordsSet(accounts=0)
    hash_ = await directory.hashing.make(query.body.password)
    given = await directory.passwords.give(without, hash_, at=now())
    return PasswordsSet(accounts=given)


@handlers.answers(ChangePassword)
async def change_password(query: Query[ChangePassword], directory: Directory) -> Done:
    """Replace the own password; the current one is asked for, and guesses are slowed."""
    body, account = query.body, query.actor.account
    await directory.guard.check(account, body.current_password, address="", at=query.received_at)
    hash_ = await directory.hashing.make(body.new_password)
    await directory.passwords.replace(account, hash_, at=now())
    return Done()


async def _visible(query: Query[ListAccounts], directory: Directory) -> list[Mapping[str, Any]]:
    if query.actor.has("admin", "auditor"):
        return []
    codes = await directory.codes(query.actor.scopes("head"), exact=False)
    people = await directory.employees.collection.find(
        {"assignments.agency": {"$in": codes}}, projection={"_id": 1}
    )
    return [{"employee": {"$in": [each["_id"] for each in people]}}]


async def _must_make_sense(directory: Directory, grants: Iterable[Grant]) -> None:
    asked = list(grants)
    offices = {grant.scope for grant in asked if grant.role == "kiosk"} - {"*"}
    agencies = {grant.scope for grant in asked if grant.role != "kiosk"} - {"*"}
    known = await directory.offices.get_many(offices)
    missing = await directory.agencies.missing(agencies)
    problems = [
        FieldError(pointer=f"/grants/{place}", detail=problem)
        for place, grant in enumerate(asked)
        if (
            problem := access.scope_problem(
                grant, offices - known.keys() if grant.role == "kiosk" else missing
            )
        )
    ]
    if problems:
        raise Refusal("validation_failed", errors=tuple(problems))
