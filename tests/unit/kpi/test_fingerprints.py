"""A fingerprint is the same for the same results and facts, and for nothing else."""

import hashlib
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.kpi.periods.fingerprints import (
    Result,
    ResultLine,
    ScoreSettlement,
    fingerprint,
    hash_of_facts,
    hash_of_results,
    mark_of,
)
from tests.unit.kpi.builders import a_day, answered

LINE = ResultLine(
    "punctuality", "punctuality/2026-01-01", "93.7500", "percent",
    "100.0000", "0.9375", "100.0000", "93.7500",
)  # fmt: skip
RESULTS = [
    Result("agency", "BKPSDM", "93.7500", (LINE,), ("help_rating",)),
    Result("employee", "ani", None, missing=("punctuality",)),
    Result(
        "employee", "budi", "100.0000",
        settlements=(ScoreSettlement("2026-10", 1, "90.0000", "95.0000"),),
    ),
]  # fmt: skip
FACTS = [a_day(), a_day("late"), answered()]
PARTS = {
    "agency": "BKPSDM",
    "period": "2026-11",
    "revision": 1,
    "digest": "d",
    "results_hash": "r",
    "facts_hash": "f",
    "previous": None,
}


@given(st.permutations(RESULTS), st.permutations(FACTS))
def test_the_order_of_results_and_facts_makes_no_difference(results, facts):
    assert hash_of_results(results) == hash_of_results(RESULTS)
    assert hash_of_facts(map(mark_of, facts)) == hash_of_facts(map(mark_of, FACTS))


def test_another_figure_is_another_hash():
    other = replace(RESULTS[0], lines=(replace(LINE, value="93.7501"),))

    assert hash_of_results([other]) != hash_of_results(RESULTS[:1])


def test_a_fact_that_says_something_else_has_another_mark():
    fact = a_day("late", late_minutes=7)
    tampered = replace(fact, data=fact.data.model_copy(update={"late_minutes": 0}))

    assert mark_of(tampered)[0] == mark_of(fact)[0]
    assert mark_of(tampered) != mark_of(fact)


@given(st.sampled_from(sorted(PARTS)))
def test_every_part_makes_a_difference(part):
    changed = {**PARTS, part: 2 if part == "revision" else "other"}

    assert fingerprint(**changed) != fingerprint(**PARTS)


def test_anybody_can_compute_it_from_what_is_published():
    text = json.dumps(
        {
            "agency": "BKPSDM",
            "period": "2026-11",
            "revision": 1,
            "digest": "d",
            "results": "r",
            "facts": "f",
            "previous": None,
        },
        sort_keys=True,
        separators=(",", ":"),
    )

    assert fingerprint(**PARTS) == hashlib.sha256(text.encode()).hexdigest()
