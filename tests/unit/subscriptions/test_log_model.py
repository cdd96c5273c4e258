"""Filters, patterns and agencies of a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.subscriptions.log.model import (
    Filter,
    Placed,
    chosen,
    covered,
    matching,
    unknown_among,
)

TYPES = frozenset(
    {
        "tasks.help_request.requested.v1",
        "tasks.help_request.accepted.v1",
        "attendance.agency_day.counted.v1",
        "directory.agency.changed.v1",
    }
)
TREE = AgencyTree({"SETDA": None, "KEC-LAWEYAN": "SETDA", "KEL-PAJANG": "KEC-LAWEYAN"})


def a_placed(
    *,
    type: str = "tasks.help_request.requested.v1",  # noqa: A002  # the event's attribute
    agency: str | None = "SETDA",
    text: str = "{}",
) -> Placed:
    return Placed(1, "an-id", type, agency, text)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("*", 4),
        ("tasks.*", 2),
        ("tasks.help_request.*", 2),
        ("tasks.help_request.accepted.v1", 1),
        ("tasks", 0),
        ("task.*", 0),
        ("tasks.help_request.accepted", 0),
    ],
)
def test_a_pattern_names_a_type_a_family_or_all(pattern, count):
    assert len(matching(pattern, TYPES)) == count


def test_no_pattern_means_every_type_of_the_audience():
    assert chosen((), TYPES, pointer="/types") == TYPES


def test_several_patterns_are_any_of_them():
    wanted = chosen(("directory.*", "tasks.help_request.accepted.v1"), TYPES, pointer="/types")

    assert wanted == {"directory.agency.changed.v1", "tasks.help_request.accepted.v1"}


def test_a_pattern_that_can_never_match_is_refused_with_its_place():
    with pytest.raises(Refusal) as refused:
        chosen(("tasks.*", "attendance.day.changed.v1"), TYPES, pointer="/query/types")

    (error,) = refused.value.problem.errors
    assert error.pointer == "/query/types"
    assert "attendance.day.changed.v1" in error.detail


def test_an_agency_means_those_below_it_too_unless_exactly_it_is_meant():
    assert covered(["KEC-LAWEYAN"], TREE, exact=False) == {"KEC-LAWEYAN", "KEL-PAJANG"}
    assert covered(["KEC-LAWEYAN"], TREE, exact=True) == {"KEC-LAWEYAN"}
    assert covered([], TREE, exact=False) is None


def test_a_reader_gets_wanted_types_of_wanted_agencies():
    wanted = Filter("public", frozenset({"tasks.help_request.requested.v1"}), frozenset({"SETDA"}))

    assert wanted.takes(a_placed())
    assert not wanted.takes(a_placed(agency="DINKES"))
    assert not wanted.takes(a_placed(agency=None))
    assert not wanted.takes(a_placed(type="directory.agency.changed.v1"))


def test_an_event_without_a_text_for_the_audience_reaches_no_reader():
    wanted = Filter("public", TYPES)

    assert not wanted.takes(a_placed(text=""))


@given(st.lists(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_what_is_left_to_append_is_unknown_once_each_and_in_order(ids, known):
    left = unknown_among(ids, known)

    assert set(left) == set(ids) - known
    assert len(left) == len(set(left))
    assert left == sorted(left, key=ids.index)
