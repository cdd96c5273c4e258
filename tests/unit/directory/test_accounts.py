"""Accounts: rights tidy, closings remembered, the agency an account acts for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.directory import Assignment
from contracts.envelope import Grant
from contracts.identity import AccountChanges, Delegate
from contracts.outcome import Refusal
from services.directory.accounts.hashing import Hashing
from services.directory.accounts.model import Account, change, create, provide
from services.directory.delegations.model import delegate, revoke

AT = datetime(2026, 11, 24, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
EMPLOYEE = Grant(role="employee", scope="BKPSDM")
HEAD = Grant(role="head", scope="BKPSDM")


def account(**more):
    return Account(**({"username": "p0001", "employee": "e1", "grants": (EMPLOYEE,),
                       "changed_at": AT} | more))  # fmt: skip


def post(agency):
    return Assignment(
        id=agency, agency=agency, position="Staf", from_=date(2020, 1, 1), recorded_at=AT
    )


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(Refusal):
        create(account(), "p0001", employee=None, grants=(), at=AT)


def test_rights_stand_once_and_in_one_order():
    made = create(None, "x", employee=None, grants=(EMPLOYEE, HEAD, EMPLOYEE), at=AT)
    assert made.state.grants == (HEAD, EMPLOYEE)
    assert made.events[0].grants == (HEAD, EMPLOYEE)


def test_closing_is_remembered_after_reopening():
    closed = change(account(), AccountChanges(active=False), at=LATER)
    assert (closed.state.active, closed.state.closed_at, len(closed.events)) == (False, LATER, 1)
    open_again = change(closed.state, AccountChanges(active=True), at=LATER)
    assert (open_again.state.active, open_again.state.closed_at) == (True, LATER)


def test_a_change_to_what_is_says_nothing_new():
    changes = AccountChanges(active=True, grants=(EMPLOYEE,))
    assert change(account(), changes, at=LATER).events == ()
    same = provide(account(), "p0001", employee="e1", grants=(EMPLOYEE,), at=LATER)
    assert same.events == ()
    assert provide(account(), "p0001", employee="e1", grants=(HEAD,), at=LATER).events


def test_an_import_does_not_reopen_a_closed_account():
    closed = account(active=False)
    assert not provide(closed, "p0001", employee="e1", grants=(HEAD,), at=LATER).state.active


def test_an_account_acts_for_the_agency_of_its_rights_where_there_is_a_post():
    posts = [post("SETDA"), post("BKPSDM")]
    assert account().agency_among(posts) == "BKPSDM"
    assert account(grants=(Grant(role="head", scope="DISDIK"),)).agency_among(posts) == "SETDA"
    assert account().agency_among([]) is None


async def test_a_password_is_known_by_its_hash_alone():
    hashing = Hashing()
    kept = await hashing.make("gotong-royong")
    assert "gotong" not in kept
    assert await hashing.matches(kept, "gotong-royong")
    assert not await hashing.matches(kept, "gotong-royon")
    assert not await hashing.matches(None, "no account has this password")
    assert not await hashing.matches("not a hash", "gotong-royong")


def test_a_delegation_holds_between_its_days_until_revoked():
    body = Delegate(
        to="e2", rights=("approve", "approve"), from_=date(2026, 12, 1), until=date(2026, 12, 14)
    )
    given = delegate("d1", "e1", body, at=AT).state
    assert given.rights == ("approve",)
    held = [given.holds(date(2026, 12, day)) for day in (1, 14, 15)]
    assert held == [True, True, False]
    assert not revoke(given, at=LATER).state.holds(date(2026, 12, 2))
    with pytest.raises(Refusal):
        delegate("d1", "e2", body, at=AT)
    with pytest.raises(Refusal):
        delegate("d1", "e1", body.model_copy(update={"until": date(2026, 11, 30)}), at=AT)
    with pytest.raises(Refusal, match="not_found"):
        revoke(None, at=AT)
