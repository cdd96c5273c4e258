"""The generated months, small: the detectors keep finding what they are for."""

import pytest

from tests.reviews_month import reported, tuning
from tests.reviews_month.scoring import look


@pytest.fixture(scope="module")
def small():
    """A month of 300 people, so that it takes two seconds."""
    return {name: look(made.make(300, 5)) for name, made in
            (("tuning", tuning), ("reported", reported))}  # fmt: skip


@pytest.mark.parametrize("name", ["tuning", "reported"])
def test_the_ring_is_found(small, name):
    score = small[name]

    evidence = score.raised["shared_coordinates"] | score.raised["repeated_coordinates"]
    assert score.recall(evidence, score.planted["ring"]) > 0.7


def test_in_a_plain_month_nobody_honest_is_raised_by_evidence(small):
    score = small["tuning"]

    assert score.precision(score.people(hints=False)) == 1
    assert score.recall(score.people(hints=True)) > 0.9
