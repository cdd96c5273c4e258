"""Which office a position lies in. An office is a place: anybody may check in at any of them.

Inside means: the distance is at most the radius plus the accuracy the phone states, of which at
most 50 m count. The plain distance proves little alone (domain.md §3.2): a mocked position is
flagged here and judged elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, isfinite

from contracts.directory import OfficeVersion
from contracts.envelope import OfficeCode
from contracts.outcome import Refusal
from rules.geometry import Boundary, boundary_of, is_on_the_globe, surely_apart
from rules.versions import in_force

ACCURACY_ALLOWED_M = 50.0
ACCURACY_LIMIT_M = 200.0


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone says it is: degrees (WGS 84) and the accuracy in metres."""

    lat: float
    lon: float
    accuracy_m: float
    mocked: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An office with the name and the boundary it has on the day in question."""

    office: OfficeCode
    name: str
    boundary: Boundary


@dataclass(frozen=True, slots=True)
class Located:
    """The office a position lies in, how far from it, and what is odd about it."""

    office: OfficeCode
    distance_m: int
    flags: tuple[str, ...] = ()


def places_on(offices: Mapping[str, Sequence[OfficeVersion]], on: date) -> tuple[Place, ...]:
    """The offices that are open on a day, by the versions that rule it; buildings move."""
    places = []
    for code in sorted(offices):
        version = in_force(offices[code], on)
        if version is None or (version.until is not None and version.until < on):
            continue
        boundary = boundary_of(version)
        if boundary is not None:
            places.append(Place(OfficeCode(code), version.name, boundary))
    return tuple(places)


def locate(position: Position, places: Sequence[Place]) -> Located:
    """The office a person stands in; of several the one whose middle is nearest, flagged."""
    _check(position)
    lat, lon = position.lat, position.lon
    allowance = min(position.accuracy_m, ACCURACY_ALLOWED_M)
    inside = [
        (place.boundary.centre_m(lat, lon), place.office, distance)
        for place in places
        if (distance := _distance_inside(place, lat, lon, allowance)) is not None
    ]
    if not inside:
        raise _outside(lat, lon, allowance, places)
    _, office, distance = min(inside)
    flags = (("several_offices",) if len(inside) > 1 else ()) + (
        ("mocked_location",) if position.mocked else ()
    )
    return Located(office, round(distance), flags)


def is_inside(position: Position, place: Place) -> bool:
    """Whether a position lies in this office, however many others it lies in too."""
    allowance = min(position.accuracy_m, ACCURACY_ALLOWED_M)
    return _distance_inside(place, position.lat, position.lon, allowance) is not None


def _distance_inside(place: Place, lat: float, lon: float, allowance: float) -> float | None:
    """The measured distance if it is within the office's reach and the allowance, else None."""
    boundary = place.boundary
    if surely_apart(boundary, lat, allowance):
        return None
    distance = boundary.distance_m(lat, lon)
    return distance if distance <= boundary.reach_m + allowance else None


def _check(position: Position) -> None:
    """Refuse what is no place on the globe, or too vague to tell one office from the next."""
    if not is_on_the_globe(position.lat, position.lon):
        raise Refusal.invalid("/position", "lat -90 … 90, lon -180 … 180")
    if not (isfinite(position.accuracy_m) and position.accuracy_m >= 0):
        raise Refusal.invalid("/position/accuracy_m", "≥ 0")
    if position.accuracy_m > ACCURACY_LIMIT_M:
        raise Refusal(
            "position_too_coarse",
            accuracy_m=round(position.accuracy_m),
            limit_m=round(ACCURACY_LIMIT_M),
        )


def _outside(lat: float, lon: float, allowance: float, places: Sequence[Place]) -> Refusal:
    """The office whose edge is nearest, how far away it is, and how much closer to come."""
    if not places:
        return Refusal("outside_every_office", nearest=None, distance_m=None)
    measured = ((place.boundary.distance_m(lat, lon), place) for place in places)
    gap, office, distance, place = min(
        (distance - place.boundary.reach_m, place.office, distance, place)
        for distance, place in measured
    )
    return Refusal(
        "outside_every_office",
        nearest=office,
        nearest_name=place.name,
        distance_m=round(distance),
        closer_m=max(1, ceil(gap - allowance)),
    )
