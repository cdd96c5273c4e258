"""Which office a position lies in."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.directory import Circle, OfficeVersion
from contracts.outcome import Refusal
from services.attendance.days.geofence import Position, locate, places_on

LAT, LON = -7.569192, 110.829658
METRE = 1 / 111_195
TODAY = date(2026, 11, 24)


def an_office(
    lat: float = LAT,
    lon: float = LON,
    radius_m: float = 150,
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    polygon: dict | None = None,
) -> OfficeVersion:
    return OfficeVersion(
        name="Kantor",
        circle=None if polygon else Circle(lat=lat, lon=lon, radius_m=radius_m),
        polygon=polygon,
        effective_from=since,
        until=until,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def a_position(north_m: float = 0, *, accuracy_m: float = 10, mocked: bool = False) -> Position:
    return Position(lat=LAT + north_m * METRE, lon=LON, accuracy_m=accuracy_m, mocked=mocked)


CITY = {"BALAIKOTA": [an_office()], "JEBRES": [an_office(-7.5554, 110.855, 100)]}


@pytest.mark.parametrize(
    ("north_m", "accuracy_m", "inside"),
    [
        (0, 0, True),
        (149, 0, True),
        (151, 0, False),
        (159, 10, True),
        (161, 10, False),
        (199, 50, True),
        (201, 50, False),
        (199, 200, True),
        (201, 200, False),  # of the accuracy at most 50 m count
        (-149, 0, True),
    ],
)
def test_inside_is_the_radius_plus_at_most_fifty_metres_of_accuracy(north_m, accuracy_m, inside):
    places = places_on(CITY, TODAY)

    if inside:
        assert locate(a_position(north_m, accuracy_m=accuracy_m), places).office == "BALAIKOTA"
    else:
        with pytest.raises(Refusal, match="outside_every_office"):
            locate(a_position(north_m, accuracy_m=accuracy_m), places)


def test_outside_every_office_names_the_nearest_how_far_it_is_and_how_much_closer_to_come():
    with pytest.raises(Refusal) as refused:
        locate(a_position(999.9), places_on(CITY, TODAY))

    assert refused.value.problem.code == "outside_every_office"
    assert refused.value.problem.facts == {
        "nearest": "BALAIKOTA",
        "nearest_name": "Kantor",
        "distance_m": 1000,
        "closer_m": 840,  # 150 m of radius and 10 m of accuracy count
    }


@given(st.floats(200, 3_000), st.floats(0, 200))
def test_whoever_comes_as_much_closer_as_the_refusal_says_is_inside(north_m, accuracy_m):
    places = places_on({"BALAIKOTA": [an_office()]}, TODAY)
    with pytest.raises(Refusal) as refused:
        locate(a_position(north_m + 1, accuracy_m=accuracy_m), places)
    closer_m = refused.value.problem.facts["closer_m"]

    there = a_position(north_m + 1 - closer_m - 0.1, accuracy_m=accuracy_m)

    assert locate(there, places).office == "BALAIKOTA"


def test_the_nearest_office_is_the_one_whose_edge_is_nearest():
    offices = {
        "LUAS": [an_office(radius_m=500)],
        "SEMPIT": [an_office(LAT + 1_100 * METRE, LON, 50)],
    }
    with pytest.raises(Refusal) as refused:
        locate(a_position(599.9, accuracy_m=0), places_on(offices, TODAY))

    told = refused.value.problem.facts
    assert (told["nearest"], told["distance_m"], told["closer_m"]) == ("LUAS", 600, 100)


def test_a_city_without_offices_has_no_nearest():
    with pytest.raises(Refusal) as refused:
        locate(a_position(), ())

    assert refused.value.problem.facts == {"nearest": None, "distance_m": None}


@pytest.mark.parametrize(("accuracy_m", "taken"), [(200, True), (200.1, False), (5000, False)])
def test_a_position_coarser_than_200_metres_is_refused(accuracy_m, taken):
    if taken:
        assert locate(a_position(accuracy_m=accuracy_m), places_on(CITY, TODAY))
        return
    with pytest.raises(Refusal) as refused:
        locate(a_position(accuracy_m=accuracy_m), places_on(CITY, TODAY))

    assert refused.value.problem.code == "position_too_coarse"
    assert refused.value.problem.facts == {"accuracy_m": round(accuracy_m), "limit_m": 200}


@pytest.mark.parametrize(
    ("lat", "lon", "accuracy_m"),
    [
        (999, LON, 10),
        (LAT, 181, 10),
        (float("nan"), LON, 10),
        (LAT, float("inf"), 10),
        (LAT, LON, float("nan")),
        (LAT, LON, -1),
    ],
)
def test_a_position_off_the_globe_is_in_no_office(lat, lon, accuracy_m):
    with pytest.raises(Refusal, match="validation_failed"):
        locate(Position(lat, lon, accuracy_m), places_on(CITY, TODAY))


def test_of_several_offices_the_nearest_is_taken_and_flagged():
    offices = {**CITY, "KAMPUNGBARU": [an_office(LAT + 80 * METRE, LON, 100)]}
    places = places_on(offices, TODAY)

    assert locate(a_position(10), places).office == "BALAIKOTA"
    assert locate(a_position(70), places).office == "KAMPUNGBARU"
    assert locate(a_position(70), places).flags == ("several_offices",)
    assert locate(a_position(-100), places).flags == ()


def test_a_mocked_position_counts_and_is_flagged():
    found = locate(a_position(mocked=True), places_on(CITY, TODAY))

    assert found.office == "BALAIKOTA"
    assert found.flags == ("mocked_location",)


def test_a_polygon_has_an_inside_an_edge_and_holes():
    def ring(half_m: float) -> list[list[float]]:
        corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
        return [
            [LON + east * half_m * METRE, LAT + north * half_m * METRE] for east, north in corners
        ]

    yard = {"type": "Polygon", "coordinates": [ring(200), ring(100)]}
    places = places_on({"TAMAN": [an_office(polygon=yard)]}, TODAY)

    assert locate(a_position(150, accuracy_m=0), places).distance_m == 0
    assert locate(a_position(209, accuracy_m=10), places).distance_m == 9
    assert locate(a_position(60, accuracy_m=50), places).distance_m == 40
    for north_m, accuracy_m in [(211, 10), (0, 50)]:
        with pytest.raises(Refusal, match="outside_every_office"):
            locate(a_position(north_m, accuracy_m=accuracy_m), places)


def test_a_building_that_moved_is_where_the_version_of_that_day_says():
    moved = {"BANJARSARI": [an_office(), an_office(-7.55, 110.82, since=date(2026, 11, 24))]}

    assert locate(a_position(), places_on(moved, date(2026, 11, 23))).office == "BANJARSARI"
    with pytest.raises(Refusal):
        locate(a_position(), places_on(moved, date(2026, 11, 24)))


def test_an_office_is_found_until_its_last_day_and_not_before_its_first():
    closing = {"LAMA": [an_office(since=date(2026, 3, 1), until=date(2026, 6, 30))]}

    assert places_on(closing, date(2026, 2, 28)) == ()
    assert len(places_on(closing, date(2026, 6, 30))) == 1
    assert places_on(closing, date(2026, 7, 1)) == ()


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 200))
def test_every_position_on_the_globe_is_inside_or_refused_with_its_distance(lat, lon, accuracy_m):
    places = places_on(CITY, TODAY)
    position = Position(lat=lat, lon=lon, accuracy_m=accuracy_m)
    beyond = min(place.boundary.distance_m(lat, lon) - place.boundary.reach_m for place in places)

    if beyond <= min(accuracy_m, 50):
        assert locate(position, places).distance_m <= 200
        return
    with pytest.raises(Refusal) as refused:
        locate(position, places)

    assert refused.value.problem.facts["distance_m"] >= 100
