"""Who enters, previews and sees policies, calendars and rosters: every role on every agency."""

import pytest

from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.attendance import access

TREE = AgencyTree({"PEMKOT": None, "BKPSDM": "PEMKOT", "DINKES": "PEMKOT", "PUSKESMAS": "DINKES"})


def an_actor(employee: str | None, agency: str | None, *grants: tuple[str, str]) -> Actor:
    return Actor(
        account="account",
        employee=EmployeeId(employee) if employee else None,
        agency=AgencyCode(agency) if agency else None,
        grants=tuple(Grant(role=role, scope=scope) for role, scope in grants),
    )


ACTORS = {
    "employee": an_actor("sri", "PUSKESMAS", ("employee", "PUSKESMAS")),
    "employee above": an_actor("dewi", "DINKES", ("employee", "DINKES")),
    "head": an_actor("k1", "PUSKESMAS", ("head", "PUSKESMAS")),
    "head above": an_actor("k2", "DINKES", ("head", "DINKES")),
    "head elsewhere": an_actor("k3", "BKPSDM", ("head", "BKPSDM")),
    "admin": an_actor(None, None, ("admin", "*")),
    "auditor": an_actor(None, None, ("auditor", "*")),
    "operator": an_actor(None, None, ("operator", "*")),
    "loader": an_actor(None, None, ("loader", "*")),
    "subscriber": an_actor(None, None, ("subscriber", "*")),
    "nobody": an_actor(None, None),
}
CITY = {"employee", "employee above", "head", "head above", "head elsewhere"}
OVERSEERS = {"admin", "auditor", "operator"}


def allowed(ask) -> set[str]:
    return {name for name, actor in ACTORS.items() if not _refused(ask, actor)}


def _refused(ask, actor: Actor) -> bool:
    try:
        ask(actor)
    except Refusal as refusal:
        return refusal.problem.code == "forbidden"
    return False


@pytest.mark.parametrize(
    ("ask", "who"),
    [
        (access.may_set_policies, {"admin"}),
        (access.may_see_policies, CITY | OVERSEERS),
        (
            lambda actor: access.may_preview_policies(actor, "PUSKESMAS", TREE),
            {"admin", "auditor", "head", "head above"},
        ),
        (
            lambda actor: access.may_plan_shifts(actor, "PUSKESMAS", TREE),
            {"admin", "head", "head above"},
        ),
        (
            lambda actor: access.may_see_roster(actor, "PUSKESMAS", TREE),
            {"admin", "auditor", "employee", "head", "head above"},
        ),
        (
            lambda actor: access.may_see_roster(actor, "DINKES", TREE),
            {"admin", "auditor", "employee", "employee above", "head", "head above"},
        ),
    ],
    ids=["set", "see", "preview", "plan", "see roster", "see roster above"],
)
def test_each_call_is_for_those_who_may(ask, who):
    assert allowed(ask) == who


def test_who_is_named_in_a_group_is_for_those_who_lead_its_people():
    seen = {name for name, actor in ACTORS.items() if access.sees_groups(actor, "PUSKESMAS", TREE)}

    assert seen == {"admin", "auditor", "head", "head above"}
