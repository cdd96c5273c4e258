"""Who sees which score: every role on every object."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import Assignment
from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.kpi import access
from services.kpi.own_copies.store import Person

TREE = AgencyTree({"PEMKOT": None, "BKPSDM": "PEMKOT", "DINKES": "PEMKOT", "PUSKESMAS": "DINKES"})
TODAY = date(2026, 11, 24)


def a_person(id_: str, agency: str, supervisor: str | None = None) -> Person:
    post = Assignment(
        id=f"post-{id_}",
        agency=agency,
        position="Analis",
        supervisor=EmployeeId(supervisor) if supervisor else None,
        from_=date(2026, 1, 1),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Person(id_, id_.title(), (post,))


OWN = a_person("sri", "PUSKESMAS", supervisor="dewi")
COLLEAGUE = a_person("budi", "PUSKESMAS", supervisor="dewi")
ELSEWHERE = a_person("joko", "BKPSDM", supervisor="hadi")
NOWHERE = Person("eks", "Eks", ())
PEOPLE = {"own": OWN, "colleague": COLLEAGUE, "elsewhere": ELSEWHERE, "nowhere": NOWHERE}


def an_actor(employee: str | None, agency: str | None, *grants: tuple[str, str]) -> Actor:
    return Actor(
        account="account",
        employee=EmployeeId(employee) if employee else None,
        agency=AgencyCode(agency) if agency else None,
        grants=tuple(Grant(role=role, scope=scope) for role, scope in grants),  # type: ignore[arg-type]
    )


ACTORS = {
    "employee": an_actor("sri", "PUSKESMAS", ("employee", "PUSKESMAS")),
    "supervisor": an_actor("dewi", "PUSKESMAS", ("employee", "PUSKESMAS")),
    "head of the agency": an_actor("k1", "PUSKESMAS", ("head", "PUSKESMAS")),
    "head above": an_actor("k2", "DINKES", ("head", "DINKES")),
    "head of the city": an_actor("k3", "PEMKOT", ("head", "PEMKOT")),
    "head elsewhere": an_actor("k4", "BKPSDM", ("head", "BKPSDM")),
    "admin": an_actor(None, None, ("admin", "*")),
    "auditor": an_actor(None, None, ("auditor", "*")),
    "operator": an_actor(None, None, ("operator", "*")),
    "loader": an_actor(None, None, ("loader", "*")),
    "subscriber": an_actor(None, None, ("subscriber", "*")),
    "nobody": an_actor(None, None),
}
SEES_PEOPLE = {
    "employee": {"own"},
    "supervisor": {"own", "colleague"},
    "head of the agency": {"own", "colleague"},
    "head above": {"own", "colleague"},
    "head of the city": {"own", "colleague", "elsewhere"},
    "head elsewhere": {"elsewhere"},
    "admin": {"own", "colleague", "elsewhere", "nowhere"},
    "auditor": {"own", "colleague", "elsewhere", "nowhere"},
}
AGENCIES = ("PUSKESMAS", "DINKES", "BKPSDM", "PEMKOT")
OPENS_AGENCIES = {
    "head of the agency": {"PUSKESMAS"},
    "head above": {"PUSKESMAS", "DINKES"},
    "head of the city": set(AGENCIES),
    "head elsewhere": {"BKPSDM"},
    "admin": set(AGENCIES),
    "auditor": set(AGENCIES),
}
OUTSIDERS = {"operator", "loader", "subscriber", "nobody"}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("person", PEOPLE)
def test_scores_of_people(actor: str, person: str):
    allowed = person in SEES_PEOPLE.get(actor, set())

    if allowed:
        found = access.may_see_scores_of(ACTORS[actor], PEOPLE[person], TREE, TODAY)
        assert found is PEOPLE[person]
        return
    with pytest.raises(Refusal) as refused:
        access.may_see_scores_of(ACTORS[actor], PEOPLE[person], TREE, TODAY)
    assert refused.value.problem.code == "not_found"


@pytest.mark.parametrize("actor", ACTORS)
def test_an_unknown_person_is_unknown_to_everybody(actor: str):
    with pytest.raises(Refusal) as refused:
        access.may_see_scores_of(ACTORS[actor], None, TREE, TODAY)
    assert refused.value.problem.code == "not_found"


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("known", [True, False])
def test_scores_of_agencies(actor: str, known: bool):
    expected = "forbidden" if actor in OUTSIDERS else None if known else "not_found"

    assert _code(lambda: access.may_see_score_of_agency(ACTORS[actor], known=known)) == expected


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("agency", [*AGENCIES, "TIDAK-ADA"])
def test_facts_of_agencies(actor: str, agency: str):
    known = agency in AGENCIES
    opens = agency in OPENS_AGENCIES.get(actor, set())
    sees_all = actor in ("admin", "auditor")
    expected = None if opens else "not_found" if sees_all else "forbidden"

    found = _code(lambda: access.may_see_facts_of_agency(ACTORS[actor], agency, TREE, known=known))

    assert found == expected
    assert access.explains_agency(ACTORS[actor], agency, TREE) == (opens or sees_all)


def test_a_supervisor_of_an_earlier_post_no_longer_sees_the_person():
    before = Assignment(
        id="p1",
        agency="BKPSDM",
        position="Analis",
        supervisor=EmployeeId("dewi"),
        from_=date(2026, 1, 1),
        until=date(2026, 11, 15),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    now = before.model_copy(
        update={"id": "p2", "supervisor": "hadi", "from_": date(2026, 11, 16), "until": None}
    )
    person = Person("sri", "Sri", (before, now))

    assert not access.sees_scores_of(ACTORS["supervisor"], person, TREE, TODAY)
    assert access.sees_scores_of(ACTORS["supervisor"], person, TREE, date(2026, 11, 15))


def _code(call) -> str | None:
    try:
        call()
    except Refusal as refusal:
        return refusal.problem.code
    return None
