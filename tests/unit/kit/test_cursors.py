"""A cursor that we did not make is refused, whatever is in it."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from kit.storage.pages import decode, encode


def cursor(*content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "made_up",
    [
        cursor({"$ne": None}, "x", False),
        cursor(["x"], "x", False),
        cursor("\ud800", "x", False),
        cursor("x", "\ud800", False),
        cursor(2**70, "x", False),
        cursor("x", {"$gt": ""}, False),
        cursor("not a moment", "x", True),
        cursor("x"),
        cursor(),
        base64.urlsafe_b64encode(b"[" * 10_000).decode(),
        "%%%",
        "",
    ],
)
def test_it_is_refused(made_up):
    with pytest.raises(Refusal, match="validation_failed"):
        decode(made_up)


values = st.none() | st.text() | st.integers(-(2**63), 2**63 - 1) | st.datetimes(
    timezones=st.just(UTC)
)  # fmt: skip


@given(values, st.text())
def test_what_we_made_comes_back(value, id_):
    assert decode(encode(value, id_)) == (value, id_)


def test_moments_keep_their_zone():
    at = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert decode(encode(at, "x")) == (at, "x")
