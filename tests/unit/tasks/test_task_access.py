"""Who sees which task and does what with it; the condition on lists says the same."""

import pytest

from contracts.outcome import Refusal
from services.tasks import task_access
from services.tasks.work_items.transitions import STATES
from tests.unit.tasks.builders import CITY, an_actor
from tests.unit.tasks.task_builders import a_task

TREE = CITY.tree
WHO = {
    "creator": an_actor(("employee", "HELPER"), employee="ani"),
    "assignee": an_actor(("employee", "HELPER-UNIT"), employee="budi"),
    "colleague": an_actor(("employee", "HELPER"), employee="cici"),
    "head": an_actor(("head", "HELPER"), employee="kepala"),
    "head above": an_actor(("head", "SETDA"), employee="sekda"),
    "head of the part": an_actor(("head", "HELPER-UNIT"), employee="kasi"),
    "elsewhere": an_actor(("employee", "OTHER"), ("head", "OTHER"), employee="eko"),
    "admin": an_actor(("admin", "*")),
    "auditor": an_actor(("auditor", "*")),
    "operator": an_actor(("operator", "*")),
    "subscriber": an_actor(("subscriber", "*")),
}
OPEN = {"creator", "assignee", "colleague", "head", "head above", "admin", "auditor"}
PRIVATE = {"creator", "assignee", "auditor"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("private", [False, True], ids=["open", "private"])
def test_a_task_is_seen_by_its_people_and_unless_private_by_its_agency(who, private):
    task = a_task(private=private, assignees=["budi"])

    assert task_access.may_see(WHO[who], task, TREE) == (who in (PRIVATE if private else OPEN))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("private", [False, True], ids=["open", "private"])
def test_lists_show_what_one_may_see(who, private):
    task = a_task(private=private, assignees=["budi"])

    assert _meets(task_access.seen_by(WHO[who], TREE), task) == task_access.may_see(
        WHO[who], task, TREE
    )


def _meets(condition, task):
    """The few operators that the conditions use, as the database understands them."""

    def holds(field, wanted):
        if field == "$or":
            return any(_meets(each, task) for each in wanted)
        value = getattr(task, field.removeprefix("_"), "an id")
        if isinstance(wanted, dict):
            return any(each in wanted["$in"] for each in value)
        return wanted in value if isinstance(value, tuple) else value == wanted

    return all(holds(field, wanted) for field, wanted in condition.items())


EVERYTHING = ("start", "wait", "complete", "cancel", "edit", "log", "tick", "attach", "move")


@pytest.mark.parametrize(
    ("who", "state", "may"),
    [
        ("creator", "open", {*EVERYTHING, "comment"}),
        ("assignee", "open", {*EVERYTHING, "comment"} - {"cancel"}),
        ("head", "open", {*EVERYTHING}),
        ("head above", "open", {*EVERYTHING}),
        ("colleague", "open", {"comment"}),
        ("admin", "open", set()),
        ("auditor", "open", set()),
        ("creator", "done", {"reopen", "move", "comment"}),
        ("assignee", "cancelled", {"move", "comment"}),
        ("colleague", "done", {"comment"}),
    ],
)
def test_what_one_may_do_is_what_the_table_offers(who, state, may):
    task = a_task(state, assignees=["budi"])
    found = set(task_access.permitted(WHO[who], task, TREE))

    assert found - {"comment"} == may - {"comment"}
    assert ("comment" in found) == ("comment" in may or who in {"head", "head above"})


@pytest.mark.parametrize("who", [who for who in WHO if who in OPEN])
@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_let_through_and_nothing_else(who, state):
    task = a_task(state, assignees=["budi"])
    offered = task_access.permitted(WHO[who], task, TREE)

    for action in task_access.ACTIONS:
        if action in offered:
            task_access.allow(WHO[who], task, action, TREE)
        else:
            with pytest.raises(Refusal, match=r"wrong_state|forbidden"):
                task_access.allow(WHO[who], task, action, TREE)


def test_tasks_are_written_down_where_one_works_or_in_an_agency_that_one_heads():
    assert task_access.agency_for(WHO["creator"], None, TREE) == "HELPER"
    assert task_access.agency_for(WHO["head above"], "HELPER-UNIT", TREE) == "HELPER-UNIT"
    for who, agency in (("creator", "OTHER"), ("assignee", "HELPER"), ("admin", "HELPER")):
        with pytest.raises(Refusal, match="forbidden"):
            task_access.agency_for(WHO[who], agency, TREE)
    with pytest.raises(Refusal, match="validation_failed"):
        task_access.agency_for(an_actor(("head", "*"), employee="wali"), None, TREE)
