"""Agencies and offices: what may be, and what says nothing new."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from contracts.directory import Stage
from contracts.outcome import Refusal
from contracts.places import AgencyRequest, Boundary, OfficeRequest, Precondition
from rules.agencies import AgencyTree
from services.directory.agencies import model as agencies
from services.directory.offices import model as offices
from services.directory.preconditions import must_hold
from services.directory.words import begins, words_of

AT = datetime(2026, 11, 24, tzinfo=UTC)
TREE = AgencyTree({"PEMKOT": None, "DINKES": "PEMKOT", "PKM": "DINKES"})
SQUARE = [[110.82, -7.57], [110.83, -7.57], [110.83, -7.56], [110.82, -7.56], [110.82, -7.57]]
BOW_TIE = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]


def agency(**more):
    return AgencyRequest(**({"name": "Dinas", "kind": "dinas", "parent": "PEMKOT"} | more))


def office(from_="2026-01-01", radius=150.0, **more):
    circle = {"circle": {"lat": -7.569192, "lon": 110.829658, "radius_m": radius}}
    return OfficeRequest(**({"name": "Balai Kota", "boundary": circle, "from": from_} | more))


def test_an_agency_is_never_above_itself():
    for parent in ("DINKES", "PKM"):
        with pytest.raises(Refusal):
            agencies.put(None, "DINKES", agency(parent=parent), TREE)


def test_stages_begin_on_different_days_in_order():
    stages = (
        Stage(stage="active", from_=date(2026, 2, 1)),
        Stage(stage="pilot", from_=date(2026, 1, 1)),
    )
    with pytest.raises(Refusal):
        agencies.put(None, "NEW", agency(stages=stages), TREE)
    assert agencies.put(None, "NEW", agency(stages=stages[::-1]), TREE).events


def test_the_same_agency_again_says_nothing_new():
    made = agencies.put(None, "NEW", agency(), TREE)
    assert len(made.events) == 1
    assert agencies.put(made.state, "NEW", agency(), TREE).events == ()


def test_an_office_has_a_version_per_day_it_changed():
    first = offices.put(None, "X", office(), recorded_at=AT).state
    second = offices.put(first, "X", office("2026-06-01", 200.0), recorded_at=AT).state
    assert second.on(date(2026, 5, 31)).circle.radius_m == 150.0
    assert second.on(date(2026, 6, 1)).circle.radius_m == 200.0
    assert second.on(date(2020, 1, 1)).circle.radius_m == 150.0
    corrected = offices.put(second, "X", office("2026-06-01", 90.0), recorded_at=AT)
    assert len(corrected.state.versions) == 2
    assert corrected.events[0].versions == corrected.state.versions
    assert offices.put(corrected.state, "X", office(), recorded_at=AT).events == ()


@pytest.mark.parametrize(
    "boundary",
    [
        {"circle": {"lat": 999, "lon": 0, "radius_m": 10}},
        {"circle": {"lat": float("nan"), "lon": 0, "radius_m": 10}},
        {"circle": {"lat": 0, "lon": 0, "radius_m": -1}},
        {"circle": {"lat": 0, "lon": 0, "radius_m": float("inf")}},
        {},
        {"polygon": {"type": "Polygon", "coordinates": [SQUARE[:3]]}},
        {"polygon": {"type": "Point", "coordinates": [SQUARE]}},
        {"polygon": {"type": "Polygon", "coordinates": [[[200, 0], *SQUARE]]}},
        {
            "circle": {"lat": 0, "lon": 0, "radius_m": 10},
            "polygon": {"type": "Polygon", "coordinates": [SQUARE]},
        },
    ],
)
def test_a_boundary_is_one_sound_circle_or_polygon(boundary):
    with pytest.raises(ValidationError):
        Boundary.model_validate(boundary)


@pytest.mark.parametrize("ring", [BOW_TIE, [*SQUARE[:-1], [110.0, -7.0]]])
def test_a_polygon_that_crosses_itself_or_stays_open_is_refused(ring):
    polygon = {"polygon": {"type": "Polygon", "coordinates": [ring]}}
    with pytest.raises(Refusal):
        offices.put(None, "X", office(boundary=polygon), recorded_at=AT)


def test_a_polygon_is_kept_as_geojson():
    polygon = {"polygon": {"type": "Polygon", "coordinates": [SQUARE]}}
    made = offices.put(None, "X", office(boundary=polygon), recorded_at=AT)
    assert made.state.versions[0].polygon == polygon["polygon"]


def test_an_office_does_not_end_before_it_begins():
    with pytest.raises(Refusal):
        offices.put(None, "X", office(until="2025-12-31"), recorded_at=AT)


@pytest.mark.parametrize(
    ("precondition", "version", "code"),
    [
        (Precondition(), None, None),
        (Precondition(absent=True), None, None),
        (Precondition(), 3, "version_required"),
        (Precondition(absent=True), 3, "version_conflict"),
        (Precondition(if_match=3), 3, None),
    ],
)
def test_put_creates_freely_and_changes_only_what_was_seen(precondition, version, code):
    if code is None:
        must_hold(precondition, version=version)
        return
    with pytest.raises(Refusal, match=code):
        must_hold(precondition, version=version)


def test_words_are_found_by_their_beginnings():
    assert words_of("Drs. Sri Wahyuni, M.Si") == ("drs", "m", "si", "sri", "wahyuni")
    assert words_of("Élodie") == ("elodie",)
    assert begins(None) == begins(" . ") == []
    assert len(begins("sri wa")) == 2
