"""Who may see a help request and do what with it: every role in every state, against a table."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.outcome import Refusal
from services.tasks import access
from services.tasks.help_requests import decisions
from services.tasks.help_requests.model import HelpRequest
from services.tasks.help_requests.transitions import ACTIONS, STATES
from tests.unit.tasks.builders import CITY, TUESDAY, a_deed, an_actor, in_state

TREE = CITY.tree
NOW = TUESDAY + timedelta(minutes=10)

ROLES = {
    "head of the asker": an_actor(("head", "ASKER"), employee="hasker"),
    "head of the helper": an_actor(("head", "HELPER"), employee="hhelper"),
    "head above the helper": an_actor(("head", "SETDA"), employee="hsetda"),
    "head of the city": an_actor(("head", "PEMKOT"), employee="hcity"),
    "responder of the helper": an_actor(("responder", "HELPER"), employee="rhelper"),
    "responder of the asker": an_actor(("responder", "ASKER"), employee="rasker"),
    "responder of another agency": an_actor(("responder", "OTHER"), employee="rother"),
    "head below the helper": an_actor(("head", "HELPER-UNIT"), employee="hunit"),
    "head of another agency": an_actor(("head", "OTHER"), employee="hother"),
    "assigned person": an_actor(("employee", "HELPER"), employee="ani"),
    "colleague of the assigned": an_actor(("employee", "HELPER"), employee="budi"),
    "person who asked": an_actor(("employee", "ASKER"), employee="dewi"),
    "employee of the asker": an_actor(("employee", "ASKER"), employee="fajar"),
    "admin": an_actor(("admin", "*")),
    "auditor": an_actor(("auditor", "*")),
    "operator": an_actor(("operator", "*")),
    "subscriber": an_actor(("subscriber", "*")),
    "loader": an_actor(("loader", "*")),
    "kiosk": an_actor(("kiosk", "HELPER")),
    "nobody": an_actor(),
}

REMARKS = {"comment", "attach"}
ASKING_ACTIONS = {
    "requested": "withdraw edit",
    "clarifying": "answer withdraw edit",
    "accepted": "withdraw",
    "in_progress": "withdraw",
    "delivered": "confirm return",
}
RECEIVING_ACTIONS = {
    "requested": "accept decline ask hand-on",
    "accepted": "ask assign start hand-on",
    "in_progress": "ask assign log deliver",
}
ASSIGNED_ACTIONS = {"accepted": "start", "in_progress": "log deliver"}

# role -> (sees it before / after acceptance, may do by state)
MATRIX = {
    "head of the asker": (True, True, (ASKING_ACTIONS,)),
    "head of the helper": (True, True, (RECEIVING_ACTIONS,)),
    "head above the helper": (True, True, (RECEIVING_ACTIONS,)),
    "head of the city": (True, True, (ASKING_ACTIONS, RECEIVING_ACTIONS)),
    "responder of the helper": (True, True, (RECEIVING_ACTIONS,)),
    "responder of the asker": (False, False, ()),
    "responder of another agency": (False, False, ()),
    "head below the helper": (False, False, ()),
    "head of another agency": (False, False, ()),
    "assigned person": (False, True, (ASSIGNED_ACTIONS,)),
    "colleague of the assigned": (False, False, ()),
    "person who asked": (True, True, ()),
    "employee of the asker": (False, False, ()),
    "admin": (True, True, ()),
    "auditor": (True, True, ()),
    "operator": (False, False, ()),
    "subscriber": (False, False, ()),
    "loader": (False, False, ()),
    "kiosk": (False, False, ()),
    "nobody": (False, False, ()),
}
BEFORE_ACCEPTANCE = {"requested", "clarifying", "declined", "withdrawn", "expired"}
OPEN = {"requested", "clarifying", "accepted", "in_progress", "delivered"}
HEADS_WORD = {"approve", "reject"}
APPROVERS = {"head of the helper", "head above the helper", "head of the city"}
ASKS = {"answer", "withdraw", "confirm", "return", "edit"}


def allowed(role: str, state: str) -> set[str]:
    said = {action for table in MATRIX[role][2] for action in table.get(state, "").split()}
    to_say = said or any(OPEN & set(table) for table in MATRIX[role][2])
    late = role == "assigned person" and state not in {"accepted", "in_progress", "delivered"}
    return said | (REMARKS if to_say and state in OPEN and not late else set())


def test_every_role_has_its_row():
    assert set(MATRIX) == set(ROLES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_actions_offered_are_those_of_the_matrix(role, state):
    request = in_state(state)

    offered = access.permitted(ROLES[role], request, TREE, NOW)

    assert set(offered) == allowed(role, state)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_only_whom_it_concerns_sees_it(role, state):
    before, after, _ = MATRIX[role]

    seen = access.may_see(ROLES[role], in_state(state), TREE)

    assert seen == (before if state in BEFORE_ACCEPTANCE else after)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_action_and_state_is_decided(role, state, action):
    request, actor = in_state(state), ROLES[role]

    if action in allowed(role, state):
        wanted = "ASKER" if role == "head of the city" and action in REMARKS else None
        party = access.party(actor, request, action, TREE, NOW, wanted=wanted)
        assert party.agency in {"ASKER", "HELPER"}
        return
    with pytest.raises(Refusal) as refused:
        access.party(actor, request, action, TREE, NOW)
    code = refused.value.problem.code
    side = {a for table in MATRIX[role][2] for row in table.values() for a in row.split()}
    if action in side and not (role == "assigned person" and state in BEFORE_ACCEPTANCE):
        assert code == "wrong_state"
    elif action in HEADS_WORD and role in APPROVERS:
        assert code == "wrong_state"  # nothing waits for their word
    elif action in REMARKS:
        sided = MATRIX[role][2] and not (role == "assigned person" and state in BEFORE_ACCEPTANCE)
        assert code == ("wrong_state" if sided else "forbidden")
    elif action in ASKS:
        assert code == "not_the_asking_agency"
    else:
        assert code == "not_the_receiving_agency"


@pytest.mark.parametrize("role", ["head of the helper", "head of another agency"])
def test_an_open_call_may_be_answered_by_every_head(role):
    offered = access.permitted(ROLES[role], in_state("requested", "anyone"), TREE, NOW)

    assert set(offered) == {"accept", "decline", "ask"} | REMARKS


@pytest.mark.parametrize(
    "role", ["head of the asker", "assigned person", "colleague of the assigned", "nobody"]
)
def test_an_open_call_is_not_answered_by_the_asker_or_by_employees(role):
    offered = access.permitted(ROLES[role], in_state("requested", "anyone"), TREE, NOW)

    assert "accept" not in offered


def test_the_loser_of_an_open_call_sees_who_took_it():
    call = in_state("requested", "anyone")
    taken = decisions.accept(call, a_deed(), ["ani"]).state
    loser = ROLES["head of another agency"]

    with pytest.raises(Refusal) as refused:
        access.party(loser, taken, "accept", TREE, NOW)

    assert access.may_see(loser, taken, TREE)
    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["helping_agency"] == "HELPER"


def test_a_loser_may_not_touch_what_another_agency_does():
    request = in_state("requested", ("HELPER", "SECOND"))
    taken = decisions.accept(request, a_deed(), ["ani"]).state
    loser = an_actor(("head", "SECOND"))

    with pytest.raises(Refusal) as refused:
        access.party(loser, taken, "start", TREE, NOW)

    assert refused.value.problem.code == "not_the_receiving_agency"


def test_who_heads_several_receivers_says_for_which():
    request = in_state("requested", ("HELPER", "SECOND"))
    above = ROLES["head above the helper"]

    with pytest.raises(Refusal) as refused:
        access.party(above, request, "accept", TREE, NOW)
    chosen = access.party(above, request, "accept", TREE, NOW, wanted="SECOND")

    assert refused.value.problem.errors[0].pointer == "/agency"
    assert chosen.agency == "SECOND"


def test_a_head_above_answers_an_open_call_for_an_agency_below():
    call = in_state("requested", "anyone")

    chosen = access.party(
        ROLES["head above the helper"], call, "accept", TREE, NOW, wanted="HELPER"
    )

    assert chosen.agency == "HELPER"


def test_nobody_acts_for_an_agency_they_do_not_head():
    call = in_state("requested", "anyone")

    with pytest.raises(Refusal) as refused:
        access.party(ROLES["head of another agency"], call, "accept", TREE, NOW, wanted="HELPER")

    assert refused.value.problem.code == "not_the_receiving_agency"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_a_sensitive_request_is_seen_by_the_agencies_themselves_only(role, state):
    seen = access.may_see(ROLES[role], in_state(state, sensitive=True), TREE)

    named = {"head of the asker", "head of the helper", "person who asked", "auditor"}
    if state not in BEFORE_ACCEPTANCE:
        named.add("assigned person")
    assert seen == (role in named)


def test_who_was_assigned_before_still_sees_it_but_acts_no_more():
    accepted = in_state("accepted")
    other = decisions.assign(accepted, a_deed(at=accepted.changed_at), ["budi"]).state

    assert access.may_see(ROLES["assigned person"], other, TREE)
    assert access.permitted(ROLES["assigned person"], other, TREE, NOW) == ()


@pytest.mark.parametrize(
    ("grants", "asked", "agency"),
    [
        ((("head", "ASKER"),), None, "ASKER"),
        ((("head", "ASKER"), ("head", "OTHER")), "OTHER", "OTHER"),
        ((("head", "SETDA"),), "HELPER", "HELPER"),
        ((("head", "*"),), "HELPER", "HELPER"),
    ],
)
def test_one_asks_in_the_name_of_an_agency_one_heads(grants, asked, agency):
    assert access.asking_agency(an_actor(*grants), asked, TREE) == agency


@pytest.mark.parametrize(
    ("grants", "asked", "code"),
    [
        ((("employee", "ASKER"),), None, "forbidden"),
        ((("admin", "*"),), "ASKER", "forbidden"),
        ((("loader", "*"),), "ASKER", "forbidden"),
        ((("head", "ASKER"),), "OTHER", "forbidden"),
        ((("head", "ASKER"), ("head", "OTHER")), None, "validation_failed"),
        ((("head", "*"),), None, "validation_failed"),
        ((), None, "forbidden"),
    ],
)
def test_one_does_not_ask_for_others(grants, asked, code):
    with pytest.raises(Refusal) as refused:
        access.asking_agency(an_actor(*grants), asked, TREE)

    assert refused.value.problem.code == code


@pytest.mark.parametrize("role", ROLES)
def test_only_the_loader_imports(role):
    if role == "loader":
        access.may_import(ROLES[role])
        return
    with pytest.raises(Refusal):
        access.may_import(ROLES[role])


# --- the condition on stored requests says the same as the function ---------------------------

ADAPTER = TypeAdapter(HelpRequest)
GRANTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["head", "responder", "employee", "admin", "auditor", "loader", "operator"]
        ),
        st.sampled_from([*CITY.agencies, "*", "UNKNOWN"]),
    ),
    max_size=3,
)
REQUESTS = st.builds(
    lambda state, to, sensitive, area: in_state(
        state,
        to,
        sensitive=sensitive and to != "anyone",
        area=area if to == "anyone" else (),
        mode="parts" if sensitive else "first",
    ),
    st.sampled_from(["requested", "accepted", "delivered"]),
    st.sampled_from([("HELPER",), ("HELPER", "SECOND"), "anyone"]),
    st.booleans(),
    st.sampled_from([(), ("HELPER",), ("SETDA",)]),
)


def matches(document, condition) -> bool:
    """What the database does with the few operators that are used."""

    def holds(field, wanted) -> bool:
        if field == "$or":
            return any(matches(document, each) for each in wanted)
        first, _, rest = field.partition(".")
        value = document.get(first)
        values = value if isinstance(value, (list, tuple)) else [value]
        values = [each[rest] for each in values] if rest else values
        if wanted == {"$exists": True}:
            return bool(values)
        if isinstance(wanted, dict):
            return any(each in wanted["$in"] for each in values)
        return wanted in values

    return all(holds(field, wanted) for field, wanted in condition.items())


@given(GRANTS, st.sampled_from([None, "ani", "budi", "dewi"]), REQUESTS)
def test_lists_show_exactly_what_may_be_seen(grants, employee, request_):
    actor = an_actor(*grants, employee=employee)
    document = {**ADAPTER.dump_python(request_), "_id": request_.id}

    listed = matches(document, access.seen_by(actor, TREE))

    assert listed == access.may_see(actor, request_, TREE)


def test_words_of_the_matrix_are_actions():
    tables = (ASKING_ACTIONS, RECEIVING_ACTIONS, ASSIGNED_ACTIONS)
    said = {word for table in tables for row in table.values() for word in re.split(" ", row)}

    assert said == set(ACTIONS) - {"expire", "auto-confirm"} - HEADS_WORD - REMARKS
