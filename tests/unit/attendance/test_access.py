"""Who decides about whom, and who is told a kiosk's code."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import Assignment
from contracts.envelope import Actor, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.attendance import access
from services.attendance.own_copies.store import Person

TODAY = date(2026, 11, 24)
TREE = AgencyTree({"PEMKOT": None, "DINKES": "PEMKOT", "BKPSDM": "PEMKOT"})


def a_person(id_="siti", agency="DINKES", supervisor="budi"):
    post = Assignment(
        id="1",
        agency=agency,
        position="Analis",
        supervisor=supervisor,
        from_=date(2026, 1, 1),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Person(id_, "Siti", None, True, (post,))


def an_actor(employee, *grants, on_behalf_of=None):
    held = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Actor(account=employee or "a", employee=employee, grants=held, on_behalf_of=on_behalf_of)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (an_actor("budi", ("employee", "DINKES")), None),
        (an_actor("kepala", ("head", "DINKES")), None),
        (an_actor("walikota", ("head", "PEMKOT")), None),
        (an_actor("wakil", ("head", "DINKES"), on_behalf_of="kepala"), None),
        (an_actor("siti", ("employee", "DINKES")), "forbidden"),
        (an_actor("siti", ("head", "DINKES")), "forbidden"),
        (an_actor("wakil", ("head", "DINKES"), on_behalf_of="siti"), "forbidden"),
        (an_actor(None, ("admin", "*")), "forbidden"),
        (an_actor(None, ("auditor", "*")), "forbidden"),
        (an_actor("dewi", ("employee", "DINKES")), "not_found"),
        (an_actor("kepala2", ("head", "BKPSDM")), "not_found"),
        (an_actor(None, ("subscriber", "*")), "not_found"),
        (an_actor(None, ("kiosk", "DINKES")), "not_found"),
    ],
)
def test_the_supervisor_or_a_head_above_decides_and_nobody_about_themselves(actor, refusal):
    if refusal is None:
        access.may_decide_about(actor, a_person(), TREE, TODAY)
        return
    with pytest.raises(Refusal, match=refusal):
        access.may_decide_about(actor, a_person(), TREE, TODAY)


def test_a_heads_own_matters_are_for_the_head_of_the_parent():
    head = a_person("kepala", supervisor=None)

    assert not access.decides_about(an_actor("kepala", ("head", "DINKES")), head, TREE, TODAY)
    assert access.decides_about(an_actor("walikota", ("head", "PEMKOT")), head, TREE, TODAY)


@pytest.mark.parametrize(
    ("grants", "allowed"),
    [
        ([("kiosk", "BALAIKOTA")], True),
        ([("kiosk", "JEBRES")], False),
        ([("head", "BALAIKOTA")], False),
        ([("admin", "*"), ("auditor", "*"), ("operator", "*"), ("loader", "*")], False),
        ([], False),
    ],
)
def test_only_its_own_kiosk_is_told_an_offices_code(grants, allowed):
    actor = an_actor(None, *grants)

    if allowed:
        access.may_show_kiosk(actor, "BALAIKOTA")
        return
    with pytest.raises(Refusal, match="forbidden"):
        access.may_show_kiosk(actor, "BALAIKOTA")
