"""Sessions: opened, gone on with, ended; and what the gateway must know to refuse old tokens."""

from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import AgencyCode, Query
from contracts.identity import (
    ClosedAccount,
    ClosedAccounts,
    Done,
    GetMe,
    Identified,
    Identify,
    MeView,
    RecentlyClosed,
    Refresh,
    SignedIn,
    SignIn,
    SignOut,
)
from contracts.outcome import Refusal
from kit.clock import now
from kit.errors import Transient
from kit.ids import new_id
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from rules.assignments import in_force
from services.directory.accounts.model import Account
from services.directory.context import Directory
from services.directory.lists import CITY_ZONE, day_of
from services.directory.sessions.model import (
    Session,
    hash_of,
    new_secret,
    parts_of,
    token_of,
    use,
)

handlers: Handlers[Directory] = Handlers()
log = get_logger(__name__)

_ATTEMPTS = 5


@handlers.answers(SignIn)
async def sign_in(query: Query[SignIn], directory: Directory) -> SignedIn:
    """Open a session for the holder of the password."""
    body, at = query.body, now()
    username = body.username.strip().lower()
    known_there = await directory.sessions.known(username, body.address)
    await directory.guard.check(
        username, body.password, address=body.address, at=at, known_there=known_there
    )
    stored = await directory.accounts.get(username)
    holder = await holder_of(directory, stored.state if stored else None, at)
    if holder is None:
        raise Refusal("bad_credentials")
    secret = new_secret()
    session = Session.start(new_id(), username, body.address, hash_of(secret), at)
    await directory.sessions.add(session)
    return _signed_in(holder, session, secret, at)


@handlers.answers(Refresh)
async def refresh(query: Query[Refresh], directory: Directory) -> SignedIn:
    """Go on with a session; an old token in strange hands ends it."""
    id_, token_hash = parts_of(query.body.refresh_token)
    for _ in range(_ATTEMPTS):
        at, secret = now(), new_secret()
        session = await directory.sessions.get(id_)
        if session is None:
            raise Refusal("token_invalid")
        holder = await holder_of(directory, await _account_of(directory, session), at)
        step = use(session, token_hash, hash_of(secret), at)
        if holder is None or step.outcome == "refused":
            raise Refusal("token_invalid")
        if not await directory.sessions.replace(step.session):
            continue  # somebody else used the family at the same moment: look again
        if step.outcome == "revoked":
            log.warning("session.revoked", account=session.account, session=session.id)
            raise Refusal("token_invalid")
        return _signed_in(holder, step.session, secret, at)
    raise Transient(f"session {id_} did not stand still")


@handlers.answers(Identify)
async def identify(query: Query[Identify], directory: Directory) -> Identified:
    """The account of the person with this number: that of the main post, if there are several."""
    at = now()
    people = await directory.employees.holders({query.body.nip.strip()})
    accounts = await directory.accounts.find({"employee": {"$in": list(people.values())}})
    holders = [await holder_of(directory, stored.state, at) for stored in accounts]
    open_ = [holder for holder in holders if holder is not None]
    if not open_:
        raise Refusal("not_found")
    holder = min(open_, key=lambda one: (not one.at_main_post, one.account.username))
    return Identified(
        account=holder.account.username,
        employee=holder.account.employee,
        agency=holder.agency,
        grants=holder.account.grants,
        as_of=at,
    )


@handlers.answers(SignOut)
async def sign_out(query: Query[SignOut], directory: Directory) -> Done:
    """End the session if it is the caller's own."""
    await directory.sessions.end(query.body.session, query.actor.account, now())
    return Done()


@handlers.answers(RecentlyClosed)
async def recently_closed(query: Query[RecentlyClosed], directory: Directory) -> ClosedAccounts:
    """Which accounts' access tokens no longer count, and since when."""
    as_of = now()
    changed = await directory.accounts.find({"changed_at": {"$gte": query.body.since}})
    moments = {each.state.username: each.state.changed_at for each in changed}
    for account, at in (await directory.passwords.changed_since(query.body.since)).items():
        moments[account] = max(at, moments.get(account, at))
    items = tuple(ClosedAccount(account=each, at=at) for each, at in sorted(moments.items()))
    return ClosedAccounts(items=items, as_of=as_of)


@handlers.answers(GetMe)
async def get_me(query: Query[GetMe], directory: Directory) -> MeView:
    """The caller: account, person, posts and rights."""
    stored = await directory.accounts.get(query.actor.account)
    if stored is None or not stored.state.active:
        raise Refusal("token_invalid")
    account = stored.state
    credentials = await directory.passwords.get(account.username)
    me = MeView(
        account=account.username,
        roles=account.grants,
        password_is_initial=credentials is not None and credentials.initial,
    )
    person = await directory.employees.get(account.employee) if account.employee else None
    if person is None:
        return me
    on = day_of(None, query.received_at)
    beholder = await directory.beholder(query.actor, on, [person.state])
    posts = in_force(person.state.assignments, on)
    return me.model_copy(
        update={
            "employee": person.state.seen_briefly(on),
            "nip": person.state.nip,
            "employment": person.state.employment,
            "agency": account.agency_among(posts),
            "assignments": beholder.posts(person.state),
            "delegations": await directory.delegations_to(person.state.id, on),
        }
    )


async def _account_of(directory: Directory, session: Session) -> Account | None:
    """The session's account, unless it was closed or its password replaced since it began."""
    stored = await directory.accounts.get(session.account)
    credentials = await directory.passwords.get(session.account)
    if stored is None or credentials is None or not stored.state.active:
        return None
    ended_at = [stored.state.closed_at, None if credentials.initial else credentials.changed_at]
    over = any(moment is not None and session.started_at <= moment for moment in ended_at)
    return None if over else stored.state


async def holder_of(directory: Directory, account: Account | None, at: datetime) -> "Holder | None":
    """Whoever may be in with this account: not where it is closed, or the person has left."""
    if account is None or not account.active:
        return None
    if account.employee is None:
        return Holder(account, None, at_main_post=True)
    person = await directory.employees.get(account.employee)
    if person is None or not person.state.active:
        return None
    posts = in_force(person.state.assignments, day_of(None, at))
    agency = account.agency_among(posts)
    return Holder(account, agency, at_main_post=bool(posts) and posts[0].agency == agency)


@dataclass(frozen=True, slots=True)
class Holder:
    """An account that may be in, and the agency it acts for."""

    account: Account
    agency: AgencyCode | None
    at_main_post: bool


def _signed_in(holder: Holder, session: Session, secret: str, at: datetime) -> SignedIn:
    return SignedIn(
        account=holder.account.username,
        employee=holder.account.employee,
        agency=holder.agency,
        grants=holder.account.grants,
        session=session.id,
        refresh_token=token_of(session.id, secret),
        refresh_expires_at=session.expires_at.astimezone(CITY_ZONE),
        as_of=at,
    )
