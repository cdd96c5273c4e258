"""Distances on the ground and the boundaries of offices.

Distances follow the great circle on a sphere with the mean radius of WGS 84. The ellipsoid differs
from it by at most 0.56 %, so under a metre over a boundary of 150 m: far less than any phone's
accuracy. Polygons are measured on a plane that touches the sphere at their centre, which adds less
than 0.01 % over the size of a city.
"""

from dataclasses import dataclass
from math import asin, cos, hypot, isfinite, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, Protocol

from contracts.directory import Circle, OfficeVersion

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_M = 6_371_008.8
_METRES_OF_A_DEGREE = radians(1) * EARTH_RADIUS_M


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two points, given in degrees (haversine)."""
    phi, other_phi = radians(lat), radians(other_lat)
    half = (
        sin((other_phi - phi) / 2) ** 2
        + cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


class Boundary(Protocol):
    """Where an office is. ``reach_m`` is how far its measured distance may be and still inside."""

    @property
    def reach_m(self) -> float:
        """The radius of a circle; 0 for a polygon."""

    @property
    def lat(self) -> float:
        """The latitude of the middle."""

    @property
    def extent_m(self) -> float:
        """How far from the middle any part of the office is, at most."""

    def distance_m(self, lat: float, lon: float) -> float:
        """Metres to the centre of a circle, or to a polygon's ground (0 inside it)."""

    def centre_m(self, lat: float, lon: float) -> float:
        """Metres to the middle of the office, to tell which of several is nearest."""


@dataclass(frozen=True, slots=True)
class Round:
    """A circle."""

    lat: float
    lon: float
    reach_m: float

    @property
    def extent_m(self) -> float:
        """A circle is as wide everywhere."""
        return self.reach_m

    def distance_m(self, lat: float, lon: float) -> float:
        """Metres to the centre."""
        return distance_m(lat, lon, self.lat, self.lon)

    centre_m = distance_m


@dataclass(frozen=True, slots=True)
class Ground:
    """A polygon with holes, flattened around its middle."""

    lat: float
    lon: float
    shape: "BaseGeometry"
    extent_m: float

    @property
    def reach_m(self) -> float:
        """A polygon reaches as far as it is drawn."""
        return 0.0

    def distance_m(self, lat: float, lon: float) -> float:
        """Metres to the ground of the polygon; 0 inside, more in a hole."""
        import shapely

        point = shapely.Point(*_flat(lat, lon, self.lat, self.lon))
        return float(self.shape.distance(point))

    def centre_m(self, lat: float, lon: float) -> float:
        """Metres to the middle of the polygon."""
        return hypot(*_flat(lat, lon, self.lat, self.lon))


def boundary_of(version: OfficeVersion) -> Boundary | None:
    """The boundary an office version states; None where it has none to be found by."""
    if version.circle is not None:
        return _round(version.circle)
    return ground(version.polygon) if version.polygon is not None else None


def ground(polygon: dict[str, Any]) -> Ground:
    """A GeoJSON polygon as ground to stand on; ``ValueError`` says what is wrong with it."""
    if problem := polygon_problem(polygon):
        raise ValueError(problem)
    import shapely

    rings: list[list[list[float]]] = polygon["coordinates"]
    middle = shapely.Polygon(rings[0]).centroid
    flat = [[_flat(lat, lon, middle.y, middle.x) for lon, lat, *_ in ring] for ring in rings]
    shape = shapely.Polygon(flat[0], flat[1:])
    shapely.prepare(shape)
    extent = max(hypot(east, north) for east, north in flat[0])
    return Ground(middle.y, middle.x, shape, extent)


def surely_apart(boundary: Boundary, lat: float, metres: float) -> bool:
    """Whether a place is farther north or south than a boundary and these metres reach.

    One subtraction instead of a distance; the margin covers the difference between plane and globe.
    """
    apart = abs(lat - boundary.lat) * _METRES_OF_A_DEGREE
    return apart > (boundary.extent_m + metres) * 1.01 + 1


def polygon_problem(polygon: dict[str, Any]) -> str | None:
    """What keeps a GeoJSON object from being a boundary, in a sentence; None if nothing does."""
    if polygon.get("type") != "Polygon":
        return "the type is not Polygon"
    rings = polygon.get("coordinates")
    if not isinstance(rings, list) or not rings or not all(map(_is_ring, rings)):
        return "coordinates are closed rings of at least four positions [lon, lat] on the globe"
    import shapely

    shape = shapely.Polygon(rings[0], rings[1:])
    if not shape.is_valid:
        return "the rings cross themselves or each other"
    return None if shape.area > 0 else "the polygon encloses nothing"


def is_on_the_globe(lat: Any, lon: Any) -> bool:
    """Whether both are finite degrees of latitude and longitude."""
    return (
        all(isinstance(each, int | float) and isfinite(each) for each in (lat, lon))
        and -90 <= lat <= 90
        and -180 <= lon <= 180
    )


def _is_ring(ring: Any) -> bool:
    return (
        isinstance(ring, list | tuple)
        and len(ring) >= 4
        and all(
            isinstance(at, list | tuple) and len(at) >= 2 and is_on_the_globe(at[1], at[0])
            for at in ring
        )
        and list(ring[0]) == list(ring[-1])
    )


def _round(circle: Circle) -> Round:
    return Round(circle.lat, circle.lon, circle.radius_m)


def _flat(lat: float, lon: float, origin_lat: float, origin_lon: float) -> tuple[float, float]:
    """Metres east and north of an origin, on the plane that touches the globe there."""
    east = (lon - origin_lon) * _METRES_OF_A_DEGREE * cos(radians(origin_lat))
    return east, (lat - origin_lat) * _METRES_OF_A_DEGREE
