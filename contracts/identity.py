"""Who may come in: accounts, sessions, passwords and delegations of the directory service."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.directory import Day, Employment
from contracts.envelope import (
    AgencyCode,
    CommandBody,
    EmployeeId,
    Grant,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.people import AssignmentView, PersonView
from contracts.text import ShortText

Username = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-_]{1,59}$")]
"""A user name: small letters, digits, dot, hyphen, underscore; 2 to 60."""

Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
"""A new password: 10 to 200 characters."""

Attempt = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Grants = Annotated[tuple[Grant, ...], Field(max_length=20)]
DelegatedRight = Literal["approve", "tasks", "administer"]


class AccountView(Value):
    """An account: who signs in with it and what it may do; never a secret."""

    username: str
    employee: EmployeeId | None = None
    grants: tuple[Grant, ...] = ()
    active: bool = True
    has_password: bool = False
    actions: tuple[str, ...] = ()
    version: int


class CreateAccount(CommandBody, name="directory.create_account", feature="directory.accounts"):
    """Make an account; it cannot sign in before it has a password."""

    username: Username
    employee: EmployeeId | None = Field(default=None, max_length=40)
    grants: Grants = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "auditor", "grants": [{"role": "auditor", "scope": "*"}]}]
        }
    )


class AccountChanges(Value):
    """What may change of an account; a field that is absent stays."""

    active: bool | None = None
    grants: Grants | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"active": False}]})


class ChangeAccount(CommandBody, name="directory.change_account", feature="directory.accounts"):
    """Close or reopen an account, or set its rights."""

    username: Username
    changes: AccountChanges
    if_match: int


class ListAccounts(Paging, QueryBody, name="directory.list_accounts"):
    """The accounts the caller administers."""

    employee: tuple[EmployeeId, ...] = Field(default=(), max_length=200)
    username: tuple[Username, ...] = Field(default=(), max_length=200)
    active: bool | None = None


class GetAccount(QueryBody, name="directory.get_account"):
    """One account."""

    username: str = Field(max_length=60)


class SetInitialPasswords(QueryBody, name="directory.set_initial_passwords"):
    """Give every account without a password this one, to be replaced by its owner.

    One hash is made per call, so that a thousand accounts cost what one costs.
    """

    password: Password = Field(repr=False)
    usernames: tuple[Username, ...] | None = Field(default=None, max_length=5_000)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "selamat datang di Solo"}]}
    )


class PasswordsSet(Value):
    """How many accounts received the initial password."""

    accounts: int


class ChangePassword(QueryBody, name="directory.change_password"):
    """Replace the caller's own password; ends every session of the account."""

    current_password: Attempt = Field(repr=False)
    new_password: Password = Field(repr=False)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"current_password": "kata sandi lama", "new_password": "kata sandi yang baru"}
            ]
        }
    )


class Done(Value):
    """It was done; there is nothing to show."""


class SignIn(QueryBody, name="directory.sign_in"):
    """Open a session; ``address`` is where the caller comes from."""

    username: Attempt
    password: Attempt = Field(repr=False)
    address: str = Field(default="", max_length=100)


class Refresh(QueryBody, name="directory.refresh"):
    """Go on with a session; the refresh token given here is used up."""

    refresh_token: str = Field(min_length=1, max_length=500, repr=False)
    address: str = Field(default="", max_length=100)


class SignedIn(Value):
    """A session: whose it is, with which rights, and how to go on.

    ``as_of`` is the moment at which the rights were read; an access token made from this answer is
    worthless for an account that was changed later.
    """

    account: str
    employee: EmployeeId | None = None
    agency: AgencyCode | None = None
    grants: tuple[Grant, ...] = ()
    session: str
    refresh_token: str = Field(repr=False)
    refresh_expires_at: AwareDatetime
    as_of: AwareDatetime


class Identify(QueryBody, name="directory.identify"):
    """Which account belongs to the person with this civil-servant number.

    Asked by the gateway for a token that an outside provider has vouched for.
    """

    nip: str = Field(max_length=40)


class Identified(Value):
    """An account and its rights as they were at ``as_of``."""

    account: str
    employee: EmployeeId | None = None
    agency: AgencyCode | None = None
    grants: tuple[Grant, ...] = ()
    as_of: AwareDatetime


class SignOut(QueryBody, name="directory.sign_out"):
    """End one of the caller's own sessions."""

    session: str = Field(max_length=100)


class RecentlyClosed(QueryBody, name="directory.recently_closed"):
    """Which accounts were closed, or had their rights or password changed, since a moment."""

    since: AwareDatetime


class ClosedAccount(Value):
    """An account whose access tokens made before ``at`` no longer count."""

    account: str
    at: AwareDatetime


class ClosedAccounts(Value):
    """The answer to :class:`RecentlyClosed`."""

    items: tuple[ClosedAccount, ...]
    as_of: AwareDatetime


class GetMe(QueryBody, name="directory.get_me"):
    """The caller's account, person, posts and rights."""


class DelegationView(Value):
    """Somebody may act for somebody else for a time."""

    id: str
    delegator: PersonView
    to: PersonView
    rights: tuple[DelegatedRight, ...]
    from_: date = Field(alias="from")
    until: date
    decree: str | None = None
    revoked_at: AwareDatetime | None = None
    actions: tuple[str, ...] = ()
    version: int

    model_config = ConfigDict(populate_by_name=True)


class MeView(Value):
    """The caller: account, person, posts and rights."""

    account: str
    employee: PersonView | None = None
    nip: str | None = None
    employment: Employment | None = None
    agency: AgencyCode | None = None
    assignments: tuple[AssignmentView, ...] = ()
    roles: tuple[Grant, ...] = ()
    delegations: tuple[DelegationView, ...] = ()
    password_is_initial: bool = False


class Delegate(CommandBody, name="directory.delegate", feature="directory.delegations"):
    """Let another person act for the caller between two days."""

    to: EmployeeId = Field(max_length=40)
    rights: tuple[DelegatedRight, ...] = Field(min_length=1, max_length=3)
    from_: Day = Field(alias="from")
    until: Day
    decree: ShortText | None = None

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "to": "0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11",
                    "rights": ["approve"],
                    "from": "2026-12-01",
                    "until": "2026-12-14",
                    "decree": "800/1234/2026",
                }
            ]
        },
    )


class RevokeDelegation(
    CommandBody, name="directory.revoke_delegation", feature="directory.delegations"
):
    """End a delegation at once."""

    delegation: str = Field(max_length=60)


class ListDelegations(Paging, QueryBody, name="directory.list_delegations"):
    """The delegations the caller gave or received; an administrator and an auditor see all."""


class MayActFor(QueryBody, name="directory.may_act_for"):
    """Whether the caller may act for this person today, and in what."""

    employee: EmployeeId = Field(max_length=40)


class MayActForAnswer(Value):
    """The answer to :class:`MayActFor`; ``grants`` is what the delegator heads."""

    allowed: bool
    rights: tuple[DelegatedRight, ...] = ()
    grants: tuple[Grant, ...] = ()
    until: date | None = None
