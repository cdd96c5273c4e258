"""The national frame: nine cells, the spread, the steps of plans and reviews."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.appraisal_terms import (
    AgencyPredicate,
    BehaviourRating,
    CoreValue,
    ItemRating,
    PlanItem,
    PlanWanted,
    Predicate,
    Rating,
    ReviewState,
    ReviewWanted,
)
from contracts.directory import Assignment
from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.kpi import access
from services.kpi.appraisals import model, reviews
from services.kpi.appraisals.model import Note, Plan
from services.kpi.appraisals.predicates import MATRIX, predicate_of, spread_of
from services.kpi.appraisals.reviews import STEPS, Review, working_days_after
from services.kpi.own_copies.store import Person
from tests.unit.kpi.builders import BUDI, SRI

AT = datetime(2026, 12, 1, 3, tzinfo=UTC)
TODAY = date(2026, 12, 1)
HEAD = EmployeeId("0198f6a2-0000-7000-8000-0000000000c3")
ITEM = PlanItem(id="H1", result="Berkas selesai", measure="Bagian", target="95 persen")
EXTRA = ITEM.model_copy(update={"id": "T1", "kind": "additional"})
VALUES = get_args(CoreValue)


@pytest.mark.parametrize(
    ("results", "behaviour", "predicate"),
    [
        ("above", "below", "kurang"),
        ("above", "as_expected", "baik"),
        ("above", "above", "sangat_baik"),
        ("as_expected", "below", "kurang"),
        ("as_expected", "as_expected", "baik"),
        ("as_expected", "above", "baik"),
        ("below", "below", "sangat_kurang"),
        ("below", "as_expected", "butuh_perbaikan"),
        ("below", "above", "butuh_perbaikan"),
    ],
)
def test_nine_cells(results, behaviour, predicate):
    assert predicate_of(results, behaviour) == predicate


def test_the_matrix_has_every_cell_and_nothing_else():
    ratings = get_args(Rating)
    assert set(MATRIX) == set(product(ratings, ratings))
    assert set(MATRIX.values()) == set(get_args(Predicate))


@given(
    st.lists(st.sampled_from(get_args(Predicate)), max_size=200),
    st.none() | st.sampled_from(get_args(AgencyPredicate)),
)
def test_a_spread_counts_everybody_once(predicates, organisation):
    spread = spread_of(predicates, organisation)

    assert [each.predicate for each in spread] == list(reversed(get_args(Predicate)))
    assert sum(each.people for each in spread) == len(predicates)
    shares = sum(Decimal(each.share) for each in spread)
    assert not predicates or abs(shares - 100) <= Decimal("0.3")
    if organisation is None:
        assert all(each.at_least is each.at_most is None for each in spread)


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        ("istimewa", {"sangat_baik": (None, 70)}),
        ("baik", {"baik": (None, 70)}),
        ("butuh_perbaikan", {"butuh_perbaikan": (60, None), "sangat_baik": (None, 10)}),
        (
            "kurang",
            {"kurang": (60, None), "butuh_perbaikan": (10, None), "sangat_baik": (None, 10)},
        ),
        (
            "sangat_kurang",
            {"sangat_kurang": (60, None), "kurang": (10, None), "sangat_baik": (None, 0)},
        ),
    ],
)
def test_the_guidance_beside_a_spread(organisation, expected):
    told = {
        each.predicate: (each.at_least, each.at_most)
        for each in spread_of(["baik"], organisation)
        if (each.at_least, each.at_most) != (None, None)
    }
    assert told == expected


# --- plans ---------------------------------------------------------------------------------------


def a_plan(by="employee", items=(ITEM, EXTRA)):
    fresh = Plan(SRI, AgencyCode("BKPSDM"), 2026, "proposed", by, items)
    return model.propose(None, fresh, at=AT, by=SRI, note=None).state


@pytest.mark.parametrize(
    ("proposed_by", "other"), [("employee", "evaluator"), ("evaluator", "employee")]
)
def test_a_plan_holds_when_the_other_side_agrees(proposed_by, other):
    plan = a_plan(proposed_by)
    assert plan.waits_for == other
    with pytest.raises(Refusal, match="wrong_state"):
        model.agree(plan, proposed_by, at=AT, by=SRI, note=None)

    decision = model.agree(plan, other, at=AT, by=BUDI, note="Setuju.")

    assert (decision.state.state, decision.state.waits_for) == ("agreed", None)
    assert [step.action for step in decision.state.history] == ["propose", "agree"]
    assert decision.events[0].state == "agreed"
    with pytest.raises(Refusal, match="wrong_state"):
        model.agree(decision.state, other, at=AT, by=BUDI, note=None)


def test_a_new_text_must_be_agreed_to_again_and_keeps_notes_and_history():
    agreed = model.agree(a_plan(), "evaluator", at=AT, by=BUDI, note=None).state
    noted = model.noted(agreed, Note(AT, SRI, "Separuh jalan.", "H1")).state
    fresh = Plan(SRI, AgencyCode("BKPSDM"), 2026, "proposed", "evaluator", (ITEM,))

    again = model.propose(noted, fresh, at=AT, by=BUDI, note="Target turun.").state

    assert (again.state, again.waits_for) == ("proposed", "employee")
    assert again.notes == noted.notes
    assert [step.action for step in again.history] == ["propose", "agree", "propose"]


def test_notes_are_about_items_of_the_plan_and_not_without_end():
    plan = a_plan()
    with pytest.raises(Refusal, match="validation_failed") as refused:
        model.noted(plan, Note(AT, SRI, "Apa?", "X9"))
    assert "H1, T1" in refused.value.problem.errors[0].detail
    with pytest.raises(Refusal, match="not_found"):
        model.noted(None, Note(AT, SRI, "Apa?"))
    full = plan
    for number in range(model.MOST_NOTES):
        full = model.noted(full, Note(AT, SRI, f"Catatan {number}")).state
    with pytest.raises(Refusal, match="validation_failed"):
        model.noted(full, Note(AT, SRI, "Satu lagi"))


@pytest.mark.parametrize(
    "items",
    [[], [EXTRA], [ITEM, ITEM], [ITEM] * 31],
    ids=["none", "only additional", "twice the same", "too many"],
)
def test_plans_that_cannot_be(items):
    with pytest.raises(ValidationError):
        PlanWanted(items=tuple(items))


# --- reviews -------------------------------------------------------------------------------------


def wanted(result="as_expected", behaviour="as_expected", items=("H1",), note=None, **more):
    return ReviewWanted(
        results=tuple(ItemRating(item=item, realisation="96", rating=result) for item in items),
        behaviour=tuple(BehaviourRating(value=value, rating=behaviour) for value in VALUES),
        result_rating=result,
        behaviour_rating=behaviour,
        note=note,
        **more,
    )


def rated(wish, items=(ITEM,)):
    return reviews.review_of(
        wish,
        items,
        employee=SRI,
        agency=AgencyCode("BKPSDM"),
        period="2026-Q4",
        evaluator=BUDI,
    )


def in_state(state, *, objected=False):
    review = reviews.propose(None, rated(wanted()), at=AT).state
    path = {
        "proposed": (),
        "returned": ("return",),
        "confirmed": ("confirm",),
        "objected": ("confirm", "object"),
    }[state]
    for action in path:
        review = taken(review, action).state
    return review


def taken(review, action, *, note="Karena itu.", today=TODAY):
    return reviews.take(
        review,
        action,
        at=AT,
        by=HEAD,
        note=note,
        deadline=lambda on: working_days_after(on, 14, lambda _: False),
        today=today,
    )


@pytest.mark.parametrize("state", get_args(ReviewState))
@pytest.mark.parametrize("action", ["propose", "confirm", "return", "object"])
def test_every_state_and_action(state, action):
    review = in_state(state)

    def act():
        if action == "propose":
            return reviews.propose(review, rated(wanted("above")), at=AT)
        return taken(review, action)

    if (state, action) not in STEPS:
        with pytest.raises(Refusal, match="wrong_state"):
            act()
        return
    decision = act()
    assert decision.state.state == STEPS[state, action]
    assert decision.events[0].state == decision.state.state
    assert decision.state.history[-1].action == action
    assert decision.state.history[:-1] == review.history


def test_a_predicate_follows_from_what_was_rated_last():
    proposed = reviews.propose(None, rated(wanted("below")), at=AT).state
    assert proposed.predicate == "butuh_perbaikan"
    again = reviews.propose(taken(proposed, "return").state, rated(wanted("above", "above")), at=AT)
    assert again.state.predicate == "sangat_baik"


@pytest.mark.parametrize("action", ["return", "object"])
def test_a_no_needs_a_reason(action):
    review = in_state("proposed" if action == "return" else "confirmed")
    with pytest.raises(Refusal, match="reason_required"):
        taken(review, action, note=None)


def test_an_objection_comes_in_time_once_and_is_answered_either_way():
    confirmed = in_state("confirmed")
    assert confirmed.objection_until == date(2026, 12, 21)  # fourteen working days later
    taken(confirmed, "object", today=date(2026, 12, 21))
    with pytest.raises(Refusal, match="wrong_state"):
        taken(confirmed, "object", today=date(2026, 12, 22))

    objected = in_state("objected")
    kept = taken(objected, "confirm").state
    assert kept.state == "confirmed"
    with pytest.raises(Refusal, match="wrong_state"):
        taken(kept, "object")
    returned = taken(objected, "return").state
    anew = reviews.propose(returned, rated(wanted("above")), at=AT).state
    with pytest.raises(Refusal, match="wrong_state"):
        taken(taken(anew, "confirm").state, "object")


def test_each_item_of_the_plan_is_rated_and_outliers_are_explained():
    with pytest.raises(Refusal, match="validation_failed") as refused:
        rated(wanted(), items=(ITEM, EXTRA))
    assert refused.value.problem.errors[0].pointer == "/results"
    with pytest.raises(Refusal, match="validation_failed"):
        rated(wanted(items=("H1", "X9")))
    odd = wanted().model_copy(update={"result_rating": "above"})
    assert rated(odd).predicate == "baik"  # every part is as expected, and so is the behaviour
    odder = odd.model_copy(update={"behaviour_rating": "above"})
    with pytest.raises(Refusal, match="validation_failed") as refused:
        rated(odder)
    assert refused.value.problem.errors[0].pointer == "/note"
    assert rated(odder.model_copy(update={"note": "Ada alasan."})).predicate == "sangat_baik"


@pytest.mark.parametrize("dropped", range(len(VALUES)))
def test_all_seven_values_are_rated_once(dropped):
    values = [BehaviourRating(value=value, rating="above") for value in VALUES]
    with pytest.raises(ValidationError):
        ReviewWanted.model_validate(
            wanted().model_dump() | {"behaviour": values[:dropped] + values[dropped + 1 :]}
        )
    values[dropped] = values[dropped - 1]
    with pytest.raises(ValidationError):
        ReviewWanted.model_validate(wanted().model_dump() | {"behaviour": values})


def test_working_days_pass_over_weekends_and_holidays():
    christmas = {date(2026, 12, 25), date(2026, 12, 24)}
    assert working_days_after(date(2026, 12, 18), 5, lambda on: on in christmas) == date(
        2026, 12, 29
    )


def test_a_review_survives_storage():
    review = in_state("objected")
    adapter = TypeAdapter(Review)
    assert adapter.validate_python(adapter.dump_python(review)) == review


# --- who may -------------------------------------------------------------------------------------

TREE = AgencyTree({"PEMKOT": None, "BKPSDM": "PEMKOT", "DINKES": "PEMKOT"})


def somebody(id_, agency="BKPSDM", supervisor=None):

    post = Assignment(
        id=f"post-{id_}",
        agency=agency,
        position="Analis",
        supervisor=supervisor,
        from_=date(2026, 1, 1),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Person(id_, "Orang", (post,))


def actor(id_, *grants):
    return Actor(account="x", employee=id_, grants=tuple(Grant(role=r, scope=s) for r, s in grants))


@pytest.mark.parametrize(
    ("who", "supervisor", "expected"),
    [
        (actor(BUDI), BUDI, True),
        (actor(BUDI), None, False),
        (actor(SRI, ("head", "BKPSDM")), None, False),  # nobody evaluates themselves
        (actor(HEAD, ("head", "BKPSDM")), BUDI, False),  # there is a supervisor
        (actor(HEAD, ("head", "BKPSDM")), None, True),
        (actor(HEAD, ("head", "PEMKOT")), None, True),
        (actor(HEAD, ("head", "DINKES")), None, False),
        (actor(None, ("admin", "*")), None, False),
    ],
)
def test_who_evaluates(who, supervisor, expected):
    assert access.evaluates(who, somebody(SRI, supervisor=supervisor), TREE, TODAY) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (actor(HEAD, ("head", "BKPSDM")), True),
        (actor(HEAD, ("head", "PEMKOT")), True),
        (actor(HEAD, ("head", "DINKES")), False),
        (actor(BUDI, ("head", "BKPSDM")), False),  # who proposed it
        (actor(SRI, ("head", "BKPSDM")), False),  # whom it is about
        (actor(None, ("admin", "*")), True),
        (actor(None, ("auditor", "*")), False),
        (actor(HEAD), False),
    ],
)
def test_who_confirms(who, expected):
    found = access.confirms(who, somebody(SRI), "BKPSDM", TREE, evaluator=BUDI)
    assert found is expected


def test_who_works_with_whom():
    sri, budi = somebody(SRI), somebody(BUDI)
    elsewhere = somebody(HEAD, "DINKES")
    assert access.works_with(actor(BUDI), budi, sri, TODAY)
    assert not access.works_with(actor(HEAD), elsewhere, sri, TODAY)
    assert access.works_with(actor(HEAD), elsewhere, somebody(SRI, supervisor=HEAD), TODAY)
    assert not access.works_with(actor(SRI), sri, sri, TODAY)
    assert not access.works_with(actor(None), None, sri, TODAY)
