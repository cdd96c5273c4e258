"""Distances and boundaries on the ground."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.directory import Circle, OfficeVersion
from rules.geometry import (
    boundary_of,
    distance_m,
    ground,
    is_on_the_globe,
    polygon_problem,
)

CITY_HALL = (-7.569192, 110.829658)


def a_square(half: float = 0.001, middle: tuple[float, float] = CITY_HALL) -> list[list[float]]:
    """A closed ring of positions [lon, lat] around a point; half a degree of 0.001 is 111 m."""
    lat, lon = middle
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return [[lon + east, lat + north] for east, north in corners]


@pytest.mark.parametrize(
    ("one", "two", "metres"),
    [
        ((0, 0), (1, 0), 111_195),  # a degree of latitude on the mean sphere
        ((0, 0), (0, 1), 111_195),
        ((60, 0), (60, 1), 55_597),
        ((0, 0), (0, 180), 20_015_115),
        (CITY_HALL, CITY_HALL, 0),
        (CITY_HALL, (-7.555419, 110.854978), 3_183),
    ],
)
def test_distances_follow_the_great_circle(one, two, metres):
    assert distance_m(*one, *two) == pytest.approx(metres, abs=1)


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_there_and_back_are_equally_far_and_nothing_is_beyond_half_the_globe(one, two):
    assert distance_m(*one, *two) == pytest.approx(distance_m(*two, *one), abs=1e-3)
    assert 0 <= distance_m(*one, *two) <= 20_015_116


def test_a_polygon_is_measured_to_its_edge_and_its_hole_is_outside():
    yard = ground({"type": "Polygon", "coordinates": [a_square(), a_square(0.0005)]})
    lat, lon = CITY_HALL

    assert yard.distance_m(lat + 0.00075, lon) == 0
    assert yard.distance_m(lat, lon) == pytest.approx(55, abs=1)
    assert yard.distance_m(lat + 0.002, lon) == pytest.approx(111, abs=1)
    assert yard.centre_m(lat, lon) == pytest.approx(0, abs=0.1)
    assert yard.reach_m == 0


def test_a_version_without_a_boundary_is_found_by_no_position():
    version = OfficeVersion(
        name="Kantor",
        effective_from=date(2026, 1, 1),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    circle = Circle(lat=CITY_HALL[0], lon=CITY_HALL[1], radius_m=150)

    assert boundary_of(version) is None
    assert boundary_of(version.model_copy(update={"circle": circle})).reach_m == 150


@pytest.mark.parametrize(
    ("polygon", "problem"),
    [
        ({"type": "Polygon", "coordinates": [a_square()]}, None),
        ({"type": "Point", "coordinates": [110.8, -7.5]}, "type"),
        ({"type": "Polygon"}, "rings"),
        ({"type": "Polygon", "coordinates": []}, "rings"),
        ({"type": "Polygon", "coordinates": [a_square()[:-1]]}, "rings"),
        ({"type": "Polygon", "coordinates": [a_square(middle=(91, 0))]}, "globe"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "globe"),
        ({"type": "Polygon", "coordinates": [[[110.8, float("nan")]] * 4]}, "globe"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "cross"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, ""),
    ],
)
def test_a_boundary_that_encloses_nothing_is_explained(polygon, problem):
    found = polygon_problem(polygon)

    assert found is None if problem is None else problem in found


def test_a_polygon_with_a_problem_is_no_ground():
    with pytest.raises(ValueError, match="type"):
        ground({"type": "Point", "coordinates": [0, 0]})


@pytest.mark.parametrize(
    ("lat", "lon", "on_it"),
    [
        (-90, 180, True),
        (91, 0, False),
        (0, 181, False),
        (float("nan"), 0, False),
        (0, float("inf"), False),
        ("0", 0, False),
        (None, None, False),
    ],
)
def test_a_position_lies_on_the_globe(lat, lon, on_it):
    assert is_on_the_globe(lat, lon) is on_it
