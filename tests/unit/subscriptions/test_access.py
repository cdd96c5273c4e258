"""Every role against everything this service can be asked for."""

import pytest

from contracts.catalogue import EVENTS
from contracts.envelope import Actor, Grant, RoleName
from contracts.outcome import Refusal
from services.subscriptions import access

OWN, FOREIGN, UNKNOWN = "jabar", "diy", None

# role: audience of the feed, then what happens with own, foreign and unknown subscriptions
MATRIX: dict[RoleName, tuple[str, str, str, str]] = {
    "admin": ("internal", "allowed", "allowed", "not_found"),
    "operator": ("internal", "allowed", "allowed", "not_found"),
    "auditor": ("internal", "forbidden", "forbidden", "forbidden"),
    "subscriber": ("public", "allowed", "not_found", "not_found"),
    "loader": ("forbidden", "forbidden", "forbidden", "forbidden"),
    "head": ("forbidden", "forbidden", "forbidden", "forbidden"),
    "responder": ("forbidden", "forbidden", "forbidden", "forbidden"),
    "employee": ("forbidden", "forbidden", "forbidden", "forbidden"),
    "kiosk": ("forbidden", "forbidden", "forbidden", "forbidden"),
}


def an_actor(*roles: RoleName) -> Actor:
    return Actor(account="jabar", grants=tuple(Grant(role=role) for role in roles))


def outcome_of(actor: Actor, owner: str | None) -> str:
    try:
        access.may_manage(actor, owner)
    except Refusal as refusal:
        return refusal.problem.code
    return "allowed"


def audience_of(actor: Actor) -> str:
    try:
        return access.audience_of(actor)
    except Refusal as refusal:
        return refusal.problem.code


def test_every_role_has_a_row():
    assert set(MATRIX) == set(RoleName.__args__)


@pytest.mark.parametrize("role", MATRIX)
def test_each_role_reads_the_feed_of_its_audience_only(role):
    assert audience_of(an_actor(role)) == MATRIX[role][0]


@pytest.mark.parametrize("role", MATRIX)
def test_each_role_meets_subscriptions_as_the_table_says(role):
    found = tuple(outcome_of(an_actor(role), owner) for owner in (OWN, FOREIGN, UNKNOWN))

    assert found == MATRIX[role][1:]


@pytest.mark.parametrize("role", MATRIX)
def test_only_stewards_see_everybodys_subscriptions(role):
    assert access.sees_all_subscriptions(an_actor(role)) == (MATRIX[role][2] == "allowed")


@pytest.mark.parametrize("role", MATRIX)
def test_who_may_have_none_is_told_before_anything_is_looked_up(role):
    if MATRIX[role][1] == "forbidden":
        with pytest.raises(Refusal) as refused:
            access.may_have_subscriptions(an_actor(role))
        assert refused.value.problem.code == "forbidden"
    else:
        access.may_have_subscriptions(an_actor(role))


def test_nobody_without_a_grant_gets_anything():
    nobody = Actor(account="someone")

    assert audience_of(nobody) == "forbidden"
    assert outcome_of(nobody, "someone") == "forbidden"


def test_two_roles_give_the_wider_view():
    assert audience_of(an_actor("subscriber", "operator")) == "internal"


def test_the_public_knows_no_type_without_a_public_view():
    known = access.types_for("public")

    assert known == {name for name, data in EVENTS.items() if data.public is not None}
    assert known < access.types_for("internal")
