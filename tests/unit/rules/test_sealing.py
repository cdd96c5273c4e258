"""Digests and fingerprints are the same whatever order things came in, and for nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sealing import digest_of, fingerprint_of

marks = st.lists(
    st.tuples(st.text("ab:-1", min_size=1, max_size=4), st.integers(1, 99)),
    unique_by=lambda mark: mark[0],
    max_size=6,
)


@given(marks, st.randoms())
def test_the_order_of_the_days_makes_no_difference(listed, random):
    shuffled = list(listed)
    random.shuffle(shuffled)

    assert digest_of(shuffled) == digest_of(listed)


@given(marks, marks)
def test_other_days_or_sequences_have_another_digest(listed, others):
    assert (digest_of(listed) == digest_of(others)) == (sorted(listed) == sorted(others))


def test_a_digest_can_be_computed_by_anybody():
    """``printf 'ani:2026-11-02@3\\nbudi:2026-11-02@1\\n' | sha256sum``"""
    assert digest_of([("budi:2026-11-02", 1), ("ani:2026-11-02", 3)]) == (
        "725f03d7c431e551830e78702e236ac3e16a549b6ab1da5b5a9b5cbecef86ccb"
    )


def test_the_order_of_keys_makes_no_difference_to_a_fingerprint():
    assert fingerprint_of({"a": 1, "b": {"x": None, "y": "é"}}) == fingerprint_of(
        {"b": {"y": "é", "x": None}, "a": 1}
    )


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError, match="Decimal"):
        fingerprint_of({"score": Decimal("1.0")})
