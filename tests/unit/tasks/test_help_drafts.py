"""What a draft says so far, what is missing, and what becomes of it."""

from datetime import timedelta

import pytest

from contracts.help_drafts import DraftBegun, DraftSketch, TemplateTerms
from contracts.outcome import Refusal
from services.tasks import access
from services.tasks.help_drafts import model
from services.tasks.help_drafts.model import Draft, Template
from tests.unit.tasks.builders import CITY, TUESDAY, an_actor, minutes, wanted

WHOLE = DraftSketch.model_validate(wanted().model_dump(exclude={"sensitive"}))
LATER = TUESDAY + minutes(5)


def a_draft(sketch=WHOLE, **other):
    known = {"account": "dewi", "by": "dewi", "agency": "ASKER", "sketch": sketch}
    return Draft(**known | {"created_at": TUESDAY, "changed_at": TUESDAY} | other)


def a_template(**terms):
    return Template("ASKER", TemplateTerms(name="Pendataan", **terms), TUESDAY)


def test_nothing_has_to_be_complete():
    sketch = model.begun_sketch(DraftBegun(title="Dua orang"), None, TUESDAY)

    assert sketch.title == "Dua orang"
    assert a_draft(sketch).missing == ("to", "description", "due")


def test_a_template_fills_what_is_not_said():
    template = a_template(to=["HELPER"], title="Petugas", people=4, priority="high", due_in_days=3)

    sketch = model.begun_sketch(DraftBegun(people=2), template, TUESDAY)

    assert (sketch.to, sketch.title, sketch.priority) == (("HELPER",), "Petugas", "high")
    assert sketch.people == 2
    assert sketch.due == TUESDAY + timedelta(days=3)


def test_a_draft_becomes_exactly_what_it_says():
    assert model.wanted_of(a_draft()) == wanted()


def test_what_is_missing_is_named_field_by_field():
    with pytest.raises(Refusal) as refused:
        model.wanted_of(a_draft(DraftSketch(title="Dua orang")))

    assert refused.value.problem.code == "validation_failed"
    pointers = [error.pointer for error in refused.value.problem.errors]
    assert pointers == ["/to", "/description", "/due"]


def test_a_draft_is_sent_once_however_often():
    once = model.send("d", a_draft(), "request-1", LATER)
    again = model.send("d", once.state, "request-1", LATER + minutes(1))

    assert once.state.state == "sent"
    assert once.events[0].help_request == "request-1"
    assert again == model.Decision(once.state)


@pytest.mark.parametrize("state", ["sent", "discarded"])
@pytest.mark.parametrize(
    "what",
    [
        lambda draft: model.rewrite("d", draft, WHOLE, LATER),
        lambda draft: model.discard("d", draft, LATER),
    ],
)
def test_what_is_over_is_not_written_any_more(what, state):
    with pytest.raises(Refusal) as refused:
        what(a_draft(state=state, help_request="request-1"))

    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["state"] == state


def test_what_is_thrown_away_is_forgotten():
    gone = model.discard("d", a_draft(), LATER).state

    assert gone.sketch == DraftSketch()
    with pytest.raises(Refusal):
        model.wanted_of(gone)


def test_events_say_nothing_of_what_is_written():
    told = model.begin("d", a_draft()).events[0]

    assert set(told.model_dump()) == {"sketch", "agency", "at"}


def test_a_retired_template_is_gone():
    retired = model.retire_template("t", a_template(), LATER).state

    for what in (
        lambda: model.rewrite_template("t", retired, retired.terms, LATER),
        lambda: model.retire_template("t", retired, LATER),
        lambda: model.retire_template("t", None, LATER),
    ):
        with pytest.raises(Refusal) as refused:
            what()
        assert refused.value.problem.code == "not_found"


@pytest.mark.parametrize(
    ("grants", "writes", "sees"),
    [
        ((("head", "HELPER"),), True, True),
        ((("head", "SETDA"),), True, True),
        ((("head", "HELPER-UNIT"),), False, False),
        ((("head", "OTHER"),), False, False),
        ((("responder", "HELPER"),), False, False),
        ((("employee", "HELPER"),), False, False),
        ((("admin", "*"),), False, True),
        ((("auditor", "*"),), False, True),
        ((), False, False),
    ],
)
def test_templates_belong_to_who_asks_for_the_agency(grants, writes, sees):
    actor = an_actor(*grants)

    assert access.writes_templates(actor, "HELPER", CITY.tree) == writes
    if sees:
        access.may_see_templates(actor, "HELPER", CITY.tree)
        return
    with pytest.raises(Refusal):
        access.may_see_templates(actor, "HELPER", CITY.tree)
