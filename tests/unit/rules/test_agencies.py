"""How far a right for one agency reaches in the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.agencies import AgencyTree

CITY = AgencyTree(
    {
        "PEMKOT": None,
        "SETDA": "PEMKOT",
        "SETDA-HUKUM": "SETDA",
        "LAWEYAN": "PEMKOT",
        "PAJANG": "LAWEYAN",
    }
)


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ("*", "PAJANG", True),
        ("*", "nobody-knows-it", True),
        ("*", None, True),
        ("PAJANG", "PAJANG", True),
        ("LAWEYAN", "PAJANG", True),
        ("PEMKOT", "PAJANG", True),
        ("PAJANG", "LAWEYAN", False),
        ("SETDA", "PAJANG", False),
        ("SETDA", "SETDA-HUKUM", True),
        ("SETDA", None, False),
        ("PEMKOT", "nobody-knows-it", False),
        ("nobody-knows-it", "nobody-knows-it", True),
        ("", "PAJANG", False),
    ],
)
def test_a_right_holds_for_its_agency_and_those_below(scope, code, covered):
    assert CITY.covers(scope, code) is covered


def test_the_path_leads_from_the_agency_to_the_root():
    assert CITY.path("SETDA-HUKUM") == ("SETDA-HUKUM", "SETDA", "PEMKOT")
    assert CITY.path("nobody-knows-it") == ("nobody-knows-it",)


def test_below_takes_the_agency_and_every_generation():
    assert CITY.below("PEMKOT") == {"PEMKOT", "SETDA", "SETDA-HUKUM", "LAWEYAN", "PAJANG"}
    assert CITY.below("PAJANG") == {"PAJANG"}
    assert CITY.parent("PAJANG") == "LAWEYAN"
    assert CITY.parent("PEMKOT") is None


def test_a_parent_that_is_not_known_yet_is_a_root():
    tree = AgencyTree({"PAJANG": "LAWEYAN"})

    assert tree.path("PAJANG") == ("PAJANG", "LAWEYAN")
    assert tree.covers("LAWEYAN", "PAJANG")


codes = st.sampled_from("ABCDEF")


@given(st.dictionaries(codes, st.none() | codes), codes, codes)
def test_whatever_the_tree_looks_like_path_and_below_end_and_agree(parents, scope, code):
    tree = AgencyTree(parents)

    assert tree.covers(scope, code) is (code in tree.below(scope))
    assert len(set(tree.path(code))) == len(tree.path(code))
