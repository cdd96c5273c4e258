"""The whole matrix: every role on own, subordinate, same-agency, other-agency objects."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import Assignment
from contracts.envelope import Actor, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.directory import access

TODAY = date(2026, 11, 24)
TREE = AgencyTree(
    {"PEMKOT": None, "DINKES": "PEMKOT", "PKM": "DINKES", "BKPSDM": "PEMKOT", "DISDIK": "PEMKOT"}
)
ROLES = (
    "admin", "auditor", "operator", "subscriber", "loader",
    "head:DINKES", "head:PEMKOT", "head:BKPSDM", "supervisor", "employee:DINKES",
    "employee:BKPSDM", "self", "nobody",
)  # fmt: skip


def post(agency, supervisor=None, **more):
    return Assignment(
        id=f"{agency}-{more.get('kind', 'definitive')}",
        agency=agency,
        position="Staf",
        supervisor=supervisor,
        from_=more.pop("from_", date(2020, 1, 1)),
        recorded_at=datetime(2020, 1, 1, tzinfo=UTC),
        **more,
    )


def actor(role):
    name, _, scope = role.partition(":")
    if name == "nobody":
        return Actor(account="x", employee="e-nobody")
    if name == "self":
        return Actor(
            account="self", employee="e-person", grants=(Grant(role="employee", scope="PKM"),)
        )
    if name == "supervisor":
        return Actor(
            account="chief", employee="e-chief", grants=(Grant(role="employee", scope="PKM"),)
        )
    person = None if name in {"admin", "auditor", "operator", "subscriber", "loader"} else "e-other"
    return Actor(account=role, employee=person, grants=(Grant(role=name, scope=scope or "*"),))


PERSON_IN_PKM = (post("PKM", supervisor="e-chief"),)

SIGHT = {
    "admin": "record",
    "auditor": "record",
    "operator": "nothing",
    "subscriber": "nothing",
    "loader": "brief",
    "head:DINKES": "record",
    "head:PEMKOT": "record",
    "head:BKPSDM": "brief",
    "supervisor": "record",
    "employee:DINKES": "brief",
    "employee:BKPSDM": "brief",
    "self": "record",
    "nobody": "nothing",
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_of_a_person_what_the_table_says(role):
    assert access.sight(actor(role), "e-person", PERSON_IN_PKM, TREE, TODAY) == SIGHT[role]


MAY = {
    # role: administers_city, sees_boundaries, sees_people, lists_accounts, sets_passwords,
    #       sees_every_delegation, may_delegate
    "admin": (1, 1, 1, 1, 1, 1, 0),
    "auditor": (0, 1, 1, 1, 0, 1, 0),
    "operator": (0, 1, 0, 0, 0, 0, 0),
    "subscriber": (0, 0, 0, 0, 0, 0, 0),
    "loader": (0, 1, 1, 0, 0, 0, 0),
    "head:DINKES": (0, 1, 1, 1, 0, 0, 1),
    "head:PEMKOT": (0, 1, 1, 1, 0, 0, 1),
    "head:BKPSDM": (0, 1, 1, 1, 0, 0, 1),
    "supervisor": (0, 1, 1, 0, 0, 0, 1),
    "employee:DINKES": (0, 1, 1, 0, 0, 0, 1),
    "employee:BKPSDM": (0, 1, 1, 0, 0, 0, 1),
    "self": (0, 1, 1, 0, 0, 0, 1),
    "nobody": (0, 0, 0, 0, 0, 0, 0),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_table_says(role):
    who = actor(role)
    found = (
        access.administers_city(who),
        access.sees_boundaries(who),
        access.sees_people(who),
        access.lists_accounts(who),
        access.sets_passwords(who),
        access.sees_every_delegation(who),
        access.may_delegate(who),
    )
    assert found == tuple(map(bool, MAY[role]))


EMPLOYEE = (Grant(role="employee", scope="PKM"),)
HEAD = (Grant(role="head", scope="PKM"),)
ACCOUNT_ACTIONS = {
    # role: on an employee's account in PKM, on a head's account in PKM
    "admin": (("active", "grants"), ("active", "grants")),
    "head:DINKES": (("active",), ()),
    "head:PEMKOT": (("active",), ()),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_change_accounts_as_the_table_says(role):
    plain, head = ACCOUNT_ACTIONS.get(role, ((), ()))
    who = actor(role)
    assert access.account_actions(who, "pegawai.pkm", EMPLOYEE, ["PKM"], TREE) == plain
    assert access.account_actions(who, "kepala.pkm", HEAD, ["PKM"], TREE) == head


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_the_own_account(role):
    who = actor(role)
    assert access.account_actions(who, who.account, who.grants, ["PKM", "DINKES"], TREE) == ()


def test_sight_follows_the_posts_of_that_day():
    moved = (
        post("BKPSDM", until=date(2026, 11, 15)),
        post("DISDIK", from_=date(2026, 11, 16), kind="secondment"),
    )
    head = actor("head:BKPSDM")
    assert access.sight(head, "e-person", moved, TREE, date(2026, 11, 15)) == "record"
    assert access.sight(head, "e-person", moved, TREE, date(2026, 11, 16)) == "brief"


def test_a_circle_in_the_tree_widens_no_right():
    circle = AgencyTree({"A": "B", "B": "A", "C": None})
    assert not access.heads(actor("head:C"), ["A", "B"], circle)


@pytest.mark.parametrize(
    ("role", "scope", "sensible"),
    [
        ("head", "DINKES", True),
        ("head", "*", False),
        ("employee", "*", False),
        ("employee", "GONE", False),
        ("admin", "*", True),
        ("admin", "DINKES", False),
        ("loader", "DINKES", False),
        ("kiosk", "BALAIKOTA", True),
        ("kiosk", "*", False),
        ("kiosk", "GONE", False),
    ],
)
def test_a_right_holds_where_its_role_makes_sense(role, scope, sensible):
    problem = access.scope_problem(Grant(role=role, scope=scope), {"GONE"})
    assert (problem is None) == sensible


def test_what_is_not_allowed_is_refused():
    with pytest.raises(Refusal, match="forbidden"):
        access.require(False)
