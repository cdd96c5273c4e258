"""Versions of indicators: proposed by one, decided by another, weights that add up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.indicators import Decide, IndicatorDecided, IndicatorProposed, IndicatorTerms
from contracts.outcome import Problem, Refusal
from rules.agencies import AgencyTree
from services.kpi.indicators.model import SHIPPED, Book, Indicator
from services.kpi.indicators.preview import band, tried
from services.kpi.indicators.proposals import Proposals

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
TREE = AgencyTree({"PEMKOT": None, "DINKES": "PEMKOT", "PKM": "DINKES", "BKPSDM": "PEMKOT"})
NEXT_YEAR = date(2027, 1, 1)


def terms(**fields: Any) -> IndicatorTerms:
    said = {
        "name": {"id": "Tepat", "en": "In time"},
        "meaning": {"id": "Persen hari tepat.", "en": "Percent of days in time."},
        "scope": ("employee", "agency", "city"),
        "formula": "share(days.map(d, d.late_minutes == 0))",
        "unit": "percent",
        "direction": "higher",
        "target": "98",
        "weight": "50",
        "effective_from": NEXT_YEAR,
    }
    return IndicatorTerms.model_validate(said | fields)


def proposed(*versions: tuple[str, IndicatorTerms], by: str = "admin") -> Proposals:
    proposals = Proposals.blank(NOW)
    for code, one in versions:
        new = not proposals.knows(code)
        proposals = proposals.propose(code, one, new=new, by=by, at=NOW).state
    return proposals


def decide(proposals: Proposals, *names: tuple[str, int], decision: str = "approve") -> Any:
    versions = [{"code": code, "number": number} for code, number in names]
    body = Decide.model_validate({"versions": versions, "decision": decision})
    return proposals.decide(body, tree=TREE, by="kepala.pemkot", at=NOW)


def refused(call: Any) -> Problem:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.problem


def test_a_proposal_rules_nobody():
    proposals = proposed(("punctuality", terms()))

    assert Book(proposals.versions).ruling(NEXT_YEAR) == Book(SHIPPED).ruling(NEXT_YEAR)


def test_what_a_second_person_approves_rules_from_its_day():
    decision = decide(proposed(("punctuality", terms())), ("punctuality", 2))

    book = Book(decision.state.versions)
    assert [one.number for one in book.ruling(date(2026, 12, 31))] == [1, 1, 1]
    assert [one.number for one in book.ruling(NEXT_YEAR)] == [2, 1, 1]
    assert [event.state for event in decision.events] == ["approved"]
    assert isinstance(decision.events[0], IndicatorDecided)


def test_nobody_approves_what_they_proposed():
    proposals = proposed(("punctuality", terms()), by="kepala.pemkot")

    assert refused(lambda: decide(proposals, ("punctuality", 2))).code == "forbidden"


def test_a_decision_is_made_once():
    proposals = decide(
        proposed(("punctuality", terms())), ("punctuality", 2), decision="reject"
    ).state

    assert refused(lambda: decide(proposals, ("punctuality", 2))).code == "already_decided"
    assert refused(lambda: decide(proposals, ("punctuality", 1))).code == "already_decided"
    assert refused(lambda: decide(proposals, ("punctuality", 9))).code == "not_found"
    assert Book(proposals.versions).ruling(NEXT_YEAR)[0].number == 1


def test_weights_that_do_not_add_up_are_refused_with_day_and_sum():
    proposals = proposed(("punctuality", terms(weight="60")))

    refusal = refused(lambda: decide(proposals, ("punctuality", 2)))

    assert refusal.code == "weights_not_100"
    assert refusal.errors[0].detail == "city from 2027-01-01: 110, not 100"


def test_versions_approved_together_share_the_weights_anew():
    lighter = terms(
        formula="mean(confirmations.map(c, c.rating))", unit="rating", target="5", weight="10"
    )
    early = terms(formula="count(days.filter(d, d.early_minutes > 0))", unit="count", weight="20")
    proposals = proposed(("help_rating", lighter), ("left_early", early))

    assert refused(lambda: decide(proposals, ("left_early", 1))).code == "weights_not_100"
    after = decide(proposals, ("help_rating", 2), ("left_early", 1)).state

    ruling = Book(after.versions).ruling(NEXT_YEAR)
    assert {one.code: one.weight for one in ruling} == {
        "punctuality": Decimal(50),
        "help_rating": Decimal(10),
        "response_time": Decimal(20),
        "left_early": Decimal(20),
    }


def test_weight_nought_takes_an_indicator_out_of_use():
    nought = terms(formula="mean(confirmations.map(c, c.rating))", unit="rating", weight="0")
    heavier = terms(weight="80")

    after = decide(
        proposed(("help_rating", nought), ("punctuality", heavier)),
        ("help_rating", 2),
        ("punctuality", 2),
    ).state

    codes = [one.code for one in Book(after.versions).ruling(NEXT_YEAR)]
    assert codes == ["punctuality", "response_time"]


def approved(*versions: tuple[str, IndicatorTerms]) -> Book:
    proposals = proposed(*versions)
    names = [(one.code, one.number) for one in proposals.entered]
    return Book(decide(proposals, *names).state.versions)


def number_of(book: Book, path: tuple[str, ...], position: str | None = None) -> int:
    ruling = book.ruling(NEXT_YEAR, path, position)
    return next(one.number for one in ruling if one.code == "punctuality")


def test_the_version_meant_most_closely_rules():
    book = approved(
        ("punctuality", terms()),
        ("punctuality", terms(agencies=("DINKES",), scope=("employee", "agency"))),
        ("punctuality", terms(positions=("Dokter",), scope=("employee",))),
        ("punctuality", terms(agencies=("PKM",), scope=("employee", "agency"))),
    )

    assert number_of(book, ("BKPSDM", "PEMKOT"), "Analis") == 2
    assert number_of(book, ("DINKES", "PEMKOT"), "Analis") == 3
    assert number_of(book, ("PKM", "DINKES", "PEMKOT"), "Analis") == 5
    assert number_of(book, ("PKM", "DINKES", "PEMKOT"), "dokter gigi") == 4


def test_weights_add_up_in_every_place_too():
    only_there = terms(agencies=("PKM",), scope=("employee", "agency"), weight="40")
    proposals = proposed(("punctuality", only_there))

    refusal = refused(lambda: decide(proposals, ("punctuality", 2)))

    assert [error.detail for error in refusal.errors] == ["PKM from 2027-01-01: 90, not 100"]


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"formula": "mean(days)"}, "formula_invalid", "/formula"),
        ({"unit": "minutes"}, "unit_mismatch", "/formula"),
        ({"positions": ("Dokter",)}, "validation_failed", "/scope"),
        ({"agencies": ("PKM",)}, "validation_failed", "/scope"),
        (
            {"formula": "streak(days.map(d, d.arrived))", "unit": "count"},
            "validation_failed",
            "/scope",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_when_proposed(
    fields: dict[str, Any], code: str, pointer: str
):
    refusal = refused(lambda: proposed(("punctuality", terms(**fields))))

    assert (refusal.code, refusal.errors[0].pointer) == (code, pointer)


def test_new_means_new_and_further_means_known():
    blank = Proposals.blank(NOW)

    def twice() -> Any:
        return blank.propose("punctuality", terms(), new=True, by="admin", at=NOW)

    def unknown() -> Any:
        return blank.propose("nothing", terms(), new=False, by="admin", at=NOW)

    assert refused(twice).code == "validation_failed"
    assert refused(unknown).code == "not_found"


def test_a_proposal_is_announced_with_its_formula():
    event = (
        Proposals.blank(NOW)
        .propose("punctuality", terms(), new=False, by="admin", at=NOW)
        .events[0]
    )

    assert isinstance(event, IndicatorProposed)
    assert event.indicator.version == "punctuality/2027-01-01.2"


def test_every_shipped_formula_is_in_its_unit():
    for indicator in SHIPPED:
        assert isinstance(indicator, Indicator)
        assert indicator.computes.unit == indicator.unit


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (None, "none"),
        ("0", "0_50"),
        ("49.9999", "0_50"),
        ("50", "50_60"),
        ("89.9999", "80_90"),
        ("90", "90_100"),
        ("100", "90_100"),
        ("120", "90_100"),
    ],
)
def test_bands_of_a_distribution(score: str | None, expected: str):
    assert band(None if score is None else Decimal(score)) == expected


def test_a_version_that_begins_later_is_tried_on_the_whole_month():
    book = Book(SHIPPED)
    later = proposed(("punctuality", terms())).entered[0]

    would_be = tried(book, later, date(2026, 10, 1)).ruling(date(2026, 10, 1))

    assert [one.number for one in would_be] == [2, 1, 1]
    assert book.ruling(date(2026, 10, 1))[0].number == 1


def test_a_version_of_before_is_tried_in_place_of_its_successor():
    after = decide(proposed(("punctuality", terms())), ("punctuality", 2)).state
    book = Book(after.versions)

    would_be = tried(book, SHIPPED[0], date(2027, 5, 1)).ruling(date(2027, 5, 1))

    assert {one.code: one.number for one in would_be}["punctuality"] == 1
