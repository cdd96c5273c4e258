"""The agencies and offices of the demo city, from the tables beside this module."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

DATA = Path(__file__).parent / "data"
SINCE = "2025-01-01"
"""The day from which everything in the demo city holds."""

CITY_HALL = "BALAIKOTA"
_HALL_LAT, _HALL_LON, _HALL_RADIUS_M = -7.569192, 110.829658, 150
_VILLAGE_RADIUS_M = 100
_WITH_OWN_OFFICE = ("kecamatan", "kelurahan")
_SEATS = {"kecamatan": 40, "kelurahan": 20}


@dataclass(frozen=True, slots=True)
class Agency:
    """A row of the agencies' table."""

    code: str
    name: str
    kind: str
    parent: str | None

    @property
    def body(self) -> dict[str, Any]:
        """The body of ``PUT /v1/agencies/{code}``."""
        return {
            "name": self.name,
            "kind": self.kind,
            "parent": self.parent,
            "time_zone": "Asia/Jakarta",
            "stages": [{"stage": "active", "from": SINCE}],
        }


@dataclass(frozen=True, slots=True)
class Office:
    """A place where people of the city may work."""

    code: str
    body: dict[str, Any]


def agencies() -> list[Agency]:
    """Real and invented agencies, parents before what is below them."""
    rows = [*_table("surakarta-agencies.csv"), *_table("invented-agencies.csv")]
    waiting = [Agency(r["code"], r["name"], r["kind"], r["parent"] or None) for r in rows]
    placed: list[Agency] = []
    while waiting:
        known = {agency.code for agency in placed}
        ready = [agency for agency in waiting if agency.parent is None or agency.parent in known]
        if not ready:
            raise ValueError(f"no parent for {waiting[0].code}")
        placed += ready
        waiting = [agency for agency in waiting if agency not in ready]
    return placed


def levels(placed: list[Agency]) -> list[list[Agency]]:
    """The agencies by their depth in the tree."""
    depth: dict[str | None, int] = {None: -1}
    found: list[list[Agency]] = []
    for agency in placed:
        depth[agency.code] = depth[agency.parent] + 1
        while len(found) <= depth[agency.code]:
            found.append([])
        found[depth[agency.code]].append(agency)
    return found


def offices() -> list[Office]:
    """The city hall for everybody without a place of their own, and one per district."""
    centroids = {
        row["code"]: (float(row["centroid_lat"]), float(row["centroid_lon"]))
        for row in _table("surakarta-villages.csv")
    }
    listed = agencies()
    hall = [agency.code for agency in listed if agency.kind not in _WITH_OWN_OFFICE]
    return [_city_hall(hall), *_districts(listed, centroids)]


def _city_hall(users: list[str]) -> Office:
    circle = {"lat": _HALL_LAT, "lon": _HALL_LON, "radius_m": _HALL_RADIUS_M}
    return _office(CITY_HALL, "Balai Kota Surakarta", circle, users, 600, invented=False)


def _districts(listed: list[Agency], centroids: dict[str, tuple[float, float]]) -> Iterator[Office]:
    for agency in listed:
        if agency.kind not in _WITH_OWN_OFFICE:
            continue
        within = [at for code, at in centroids.items() if code.startswith(agency.code)]
        circle = {
            "lat": round(fmean(lat for lat, _ in within), 6),
            "lon": round(fmean(lon for _, lon in within), 6),
            "radius_m": _VILLAGE_RADIUS_M,
        }
        name = f"Kantor {agency.name} (batas rekaan)"
        yield _office(agency.code, name, circle, [agency.code], _SEATS[agency.kind], invented=True)


def _office(
    code: str,
    name: str,
    circle: dict[str, float],
    users: list[str],
    capacity: int,
    *,
    invented: bool,
) -> Office:
    body = {
        "name": name,
        "boundary": {"circle": circle},
        "capacity": capacity,
        "used_by": users,
        "time_zone": "Asia/Jakarta",
        "invented": invented,
        "from": SINCE,
    }
    return Office(code, body)


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
