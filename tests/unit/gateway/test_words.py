"""Languages, problem documents and pointers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import ERRORS, Problem
from gateway.arrival import language_of
from gateway.problems import document
from gateway.validation import pointer, sentence


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (b"", "id"),
        (b"en", "en"),
        (b"en-GB,en;q=0.9", "en"),
        (b"id-ID,id;q=0.9,en;q=0.8", "id"),
        (b"de, en;q=0.4", "en"),
        (b"id;q=0.1, en;q=0.7", "en"),
        (b"en;q=0", "id"),
        (b"*", "id"),
        (b"en;q=nonsense", "id"),
    ],
)
def test_the_preferred_language_is_taken(accepted, language):
    assert language_of(accepted) == language


@given(st.binary(max_size=60))
def test_no_header_upsets_the_choice_of_a_language(accepted):
    assert language_of(accepted) in {"id", "en"}


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_code_has_words(code, language):
    told = document(Problem(code=code), language, "r")

    assert told["title"]
    assert told["status"] == ERRORS[code].status
    assert told["code"] == code


def test_a_sentence_with_missing_facts_is_left_out():
    assert "detail" not in document(Problem(code="wrong_state"), "en", "r")


def test_facts_stand_beside_the_code_but_never_replace_it():
    facts = {"status": 200, "code": "fine", "state": "accepted", "with_": "a-1"}

    told = document(Problem(code="wrong_state", facts=facts), "en", "r")

    assert told["status"] == 409
    assert told["code"] == "wrong_state"
    assert told["state"] == "accepted"
    assert told["with"] == "a-1"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (("body", "position", "lat"), "/position/lat"),
        (("body", "items", 3, "a/b~c"), "/items/3/a~1b~0c"),
        (("query", "limit"), "/query/limit"),
        (("body",), ""),
    ],
)
def test_pointers_follow_the_standard(location, expected):
    assert pointer(location) == expected


def test_an_unknown_kind_of_error_still_has_words():
    assert sentence({"type": "brand_new"}, "en") == "is not valid"
