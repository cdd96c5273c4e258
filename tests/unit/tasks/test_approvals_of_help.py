"""Whether a responder's word waits for the head's, and what the head's word does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.acceptance_rules import AcceptanceRuleRequest
from contracts.outcome import Refusal
from services.tasks import access
from services.tasks.acceptance_rules.model import AgencyRules, RuleBook
from services.tasks.help_requests import decisions
from services.tasks.help_requests.details import DO, Details, Known
from services.tasks.help_requests.editing import Edits, edit
from tests.unit.tasks.builders import (
    CITY,
    PEOPLE,
    TUESDAY,
    a_deed,
    a_request,
    a_rule,
    an_actor,
    in_state,
    minutes,
)

ASKS_ABOUT_TWO = a_rule(people_over=1)
TREE = CITY.tree
LATER = TUESDAY + minutes(90)


def by(agency="HELPER", after=1, *, head=False, side="receiving"):
    return replace(a_deed(side, agency, at=TUESDAY + minutes(after)), as_head=head)


def proposed(to=("HELPER",), **other):
    return decisions.accept(a_request(to, **other), by(), ["ani", "budi"], ASKS_ABOUT_TWO).state


@pytest.mark.parametrize(
    ("rule", "people", "asked"),
    [
        ({}, 5, ()),
        ({"people_over": 2}, 2, ()),
        ({"people_over": 2}, 3, ("acceptance_people_over",)),
        ({"people_over": 0}, 1, ("acceptance_people_over",)),
        ({"days_over": 4}, 1, ()),  # Tuesday to Friday
        ({"days_over": 3}, 1, ("acceptance_days_over",)),
        ({"people_over": 1, "days_over": 0}, 2, ("acceptance_people_over", "acceptance_days_over")),
    ],
)
def test_the_rule_counts_people_and_days(rule, people, asked):
    names = [f"p{place}" for place in range(people)]

    reasons = a_rule(**rule).reasons(names, TUESDAY + timedelta(days=3), TUESDAY, "Asia/Jakarta")

    assert tuple(each.rule for each in reasons) == asked
    assert all(each.facts[0] == "HELPER-ar1" for each in reasons)


@given(st.integers(0, 10), st.integers(1, 10), st.integers(1, 10))
def test_more_people_never_need_less_asking(limit, few, more):
    rule, due = a_rule(people_over=limit), TUESDAY + timedelta(days=1)

    asked = [
        bool(rule.reasons(["p"] * count, due, TUESDAY, "Asia/Jakarta"))
        for count in sorted((few, few + more))
    ]

    assert asked == sorted(asked)


def test_the_nearest_rule_of_that_day_counts():
    entered = {
        "SETDA": (a_rule("SETDA", people_over=5),),
        "HELPER": (
            a_rule("HELPER", from_=date(2026, 6, 1), people_over=1),
            a_rule("HELPER", number=2, from_=date(2026, 9, 1)),
        ),
    }
    book = RuleBook(entered, TREE)

    def ruling(agency, on):
        rule = book.ruling(agency, on)
        return rule and rule.id

    assert ruling("HELPER-UNIT", date(2026, 11, 24)) == "HELPER-ar2"
    assert ruling("HELPER", date(2026, 7, 1)) == "HELPER-ar1"
    assert ruling("HELPER", date(2026, 2, 1)) == "SETDA-ar1"
    assert ruling("SECOND", date(2026, 11, 24)) == "SETDA-ar1"
    assert ruling("OTHER", date(2026, 11, 24)) is None


def test_a_version_is_entered_behind_the_others():
    at = datetime(2026, 11, 24, tzinfo=UTC)
    asked = AcceptanceRuleRequest(effective_from=date(2026, 12, 1), people_over=2)

    first = AgencyRules.blank("HELPER", at).add(asked, recorded_at=at, written_at=at)
    second = first.state.add(asked, recorded_at=at - timedelta(days=1), written_at=at)

    assert [each.id for each in second.state.versions] == ["HELPER-ar1", "HELPER-ar2"]
    assert second.state.versions[1].recorded_at == at  # in the order they came
    assert second.events[0].people_over == 2


def test_a_responder_accepts_alone_where_the_rule_lets_them():
    alone = decisions.accept(a_request(), by(), ["ani"], ASKS_ABOUT_TWO).state
    no_rule = decisions.accept(a_request(), by(), ["ani", "budi"]).state

    assert (alone.state, no_rule.state) == ("accepted", "accepted")


def test_the_head_needs_nobodys_approval():
    head = decisions.accept(a_request(), by(head=True), ["ani", "budi"], ASKS_ABOUT_TWO).state

    assert head.state == "accepted"


def test_what_the_rule_leaves_to_the_head_waits_and_the_clock_runs():
    outcome = decisions.accept(a_request(), by(), ["ani", "budi"], ASKS_ABOUT_TWO)
    request = outcome.state

    assert request.state == "requested"
    assert request.people_assigned == ()
    assert request.response_minutes is None
    assert request.awaiting_approval[0].people == ("ani", "budi")
    assert outcome.events[0].type == "tasks.help_request.acceptance_proposed.v1"
    assert outcome.events[0].acting_agency == "HELPER"
    assert request.timeline[-1].explanation[0].rule == "acceptance_people_over"
    assert not access.may_see(an_actor(("employee", "HELPER"), employee="ani"), request, TREE)


def test_the_head_approves_and_it_counts_from_then():
    approved = decisions.approve(proposed(), by(after=31, side="approving"))

    assert approved.state.state == "accepted"
    assert approved.state.people_assigned == ("ani", "budi")
    assert approved.state.response_minutes == 31
    assert approved.state.awaiting_approval == ()
    assert approved.events[0].type == "tasks.help_request.accepted.v1"
    assert approved.state.timeline[-1].people == ("ani", "budi")


def test_the_head_rejects_and_another_answer_is_waited_for():
    rejected = decisions.reject(proposed(), by(after=5, side="approving"), "Terlalu banyak").state
    again = decisions.accept(rejected, by(after=6), ["ani"], ASKS_ABOUT_TWO).state

    assert (rejected.state, rejected.awaiting_approval) == ("requested", ())
    assert again.state == "accepted"


def test_a_rejection_needs_a_reason():
    with pytest.raises(Refusal) as refused:
        decisions.reject(proposed(), by(after=5, side="approving"), " ")

    assert refused.value.problem.code == "reason_required"


def test_another_agency_may_be_faster_than_the_head():
    waiting = proposed(("HELPER", "SECOND"))

    taken = decisions.accept(waiting, by("SECOND", 5, head=True), ["citra"]).state

    assert taken.helping_agency == "SECOND"
    assert taken.awaiting_approval == ()
    with pytest.raises(Refusal) as refused:
        decisions.approve(taken, by(after=6, side="approving"))
    assert refused.value.problem.facts["helping_agency"] == "SECOND"


@pytest.mark.parametrize(
    "what",
    [
        lambda r: decisions.decline(r, by(after=5), "Penuh"),
        lambda r: decisions.hand_on(r, by(after=5), "OTHER", "Bukan kami"),
        lambda r: decisions.withdraw(r, a_deed("asking", "ASKER", at=LATER), "Batal"),
        lambda r: edit(r, a_deed("asking", "ASKER", at=LATER), Edits(people=9)),
        lambda r: decisions.expire(r, a_deed("timer", None, at=r.due)),
    ],
)
def test_a_proposal_falls_with_what_it_was_for(what):
    assert what(proposed()).state.awaiting_approval == ()


def test_nobody_approves_what_they_proposed():
    both = (("responder", "HELPER"), ("head", "HELPER"))
    proposer = an_actor(*both).model_copy(update={"account": "somebody"})
    head = an_actor(("head", "HELPER")).model_copy(update={"account": "kepala"})
    responder = an_actor(("responder", "HELPER")).model_copy(update={"account": "other"})
    request = proposed()

    assert "approve" not in access.permitted(proposer, request, TREE, LATER)
    assert {"approve", "reject"} <= set(access.permitted(head, request, TREE, LATER))
    assert "approve" not in access.permitted(responder, request, TREE, LATER)


def test_who_acts_as_head_is_known():
    head, responder = an_actor(("head", "SETDA")), an_actor(("responder", "HELPER"))
    request = in_state("requested")

    assert access.party(head, request, "accept", TREE, LATER).as_head
    assert not access.party(responder, request, "accept", TREE, LATER).as_head


def test_people_who_have_left_meanwhile_are_not_approved():
    request = decisions.accept(a_request(), by(), ["moved", "budi"], ASKS_ABOUT_TWO).state

    with pytest.raises(Refusal) as refused:
        DO["approve"](request, by(after=9, side="approving"), Details(), Known(CITY, PEOPLE))

    assert refused.value.problem.code == "unknown_employee"


@pytest.mark.parametrize(
    ("grants", "allowed"),
    [
        ((("head", "HELPER"),), True),
        ((("head", "SETDA"),), True),
        ((("admin", "*"),), True),
        ((("head", "HELPER-UNIT"),), False),
        ((("head", "OTHER"),), False),
        ((("responder", "HELPER"),), False),
        ((("admin", "HELPER"),), False),
        ((("auditor", "*"),), False),
        ((), False),
    ],
)
def test_who_enters_the_rule_of_an_agency(grants, allowed):
    assert access.sets_acceptance_rules(an_actor(*grants), "HELPER", TREE) == allowed
