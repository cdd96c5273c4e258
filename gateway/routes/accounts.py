"""Accounts over HTTP: who may come in, with which rights."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.identity import (
    AccountChanges,
    AccountView,
    ChangeAccount,
    ChangePassword,
    CreateAccount,
    GetAccount,
    ListAccounts,
    PasswordsSet,
    SetInitialPasswords,
    Username,
)
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])

_PASSWORDS_S = 20.0

Name = Annotated[Username, Path(alias="username", description="the user name")]


@router.get("", summary="List accounts", responses=answers(Page[AccountView]))
async def list_accounts(call: Call, wanted: Annotated[ListAccounts, Query()]) -> Response:
    """The accounts you may see: all, or those of the people below the agency you head."""
    return await call.query(wanted)


@router.post(
    "", status_code=201, summary="Make an account", responses=answers(AccountView, status=201)
)
async def create_account(call: Call, body: CreateAccount) -> Response:
    """An account that cannot sign in before it has a password."""
    return await call.command(body, location="/v1/accounts/{username}")


@router.post(
    "/initial-passwords",
    summary="Give accounts their first password",
    responses=answers(PasswordsSet),
)
async def set_initial_passwords(call: Call, body: SetInitialPasswords) -> Response:
    """Every account without a password (or of these, each without one) receives this one."""
    return call.tell(await call.ask(body, deadline_s=_PASSWORDS_S))


@router.post(
    "/me/password",
    status_code=204,
    summary="Change the own password",
    responses=answers(None, "bad_credentials", status=204),
)
async def change_password(call: Call, body: ChangePassword) -> Response:
    """Ends every session of the account; sign in again with the new one."""
    answer = await call.ask(body)
    return call.tell(answer) if answer.problem else Response(status_code=204)


@router.get("/{username}", summary="Show an account", responses=answers(AccountView))
async def get_account(call: Call, username: Name) -> Response:
    """One account, its rights and what you may change of it."""
    return await call.query(GetAccount(username=username))


@router.patch(
    "/{username}",
    summary="Close, reopen or give rights",
    responses=answers(AccountView, "version_required", "version_conflict"),
)
async def change_account(call: Call, username: Name, body: AccountChanges) -> Response:
    """Takes effect at once: access tokens made before no longer count. Never the own account."""
    return await call.command(
        ChangeAccount(username=username, changes=body, if_match=call.if_match())
    )
