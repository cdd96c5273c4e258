"""Cursors: what a reader keeps, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from services.subscriptions.log import cursors

KEY = "the key of a log"
positions = st.integers(min_value=0, max_value=2**63)


@given(positions)
def test_a_cursor_leads_back_to_its_position(position):
    assert cursors.decode(cursors.encode(position, KEY), KEY, pointer="/after") == position


@given(positions)
def test_a_cursor_fits_a_query_string_as_it_is(position):
    assert cursors.encode(position, KEY).replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=60))
def test_what_the_feed_did_not_give_is_refused_and_named(invented):
    with pytest.raises(Refusal) as refused:
        cursors.decode(invented, KEY, pointer="/query/after")

    assert refused.value.problem.code == "validation_failed"
    assert refused.value.problem.errors[0].pointer == "/query/after"


@given(positions, st.integers(min_value=0, max_value=23), st.sampled_from("ABCab019-_"))
def test_a_changed_cursor_never_leads_elsewhere(position, place, character):
    cursor = cursors.encode(position, KEY)
    changed = cursor[:place] + character + cursor[place + 1 :]

    if changed != cursor:
        with pytest.raises(Refusal):
            cursors.decode(changed, KEY, pointer="/after")


def test_a_cursor_of_another_log_is_refused():
    with pytest.raises(Refusal):
        cursors.decode(cursors.encode(7, "another log"), KEY, pointer="/after")


def test_a_reader_may_begin_at_the_oldest_or_behind_the_newest():
    assert cursors.start(None, KEY, tail=9, pointer="/after") == 0
    assert cursors.start("earliest", KEY, tail=9, pointer="/after") == 0
    assert cursors.start("latest", KEY, tail=9, pointer="/after") == 9
    assert cursors.start(cursors.encode(4, KEY), KEY, tail=9, pointer="/after") == 4
