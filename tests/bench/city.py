"""The measured city: as large as the real one, invented from end to end, brought in over the API.

101 agencies in a tree, 54 places (circles and polygons on a grid of 600 m) and thousands of people,
by the calls a city would use; so a measurement needs no data files and no demo accounts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from services.directory.employees.store import id_of_key
from tests.bench.callers import ADMIN, Caller, Mint

AGENCIES = 101
PLACES = 54
_CHUNK = 500
_AT_ONCE = 16
_WEST, _SOUTH, _STEP = 110.78, -7.60, 0.0055
_SINCE = "2026-01-01"
_COLUMNS = "key,name,employment,agency,position,supervisor,from"


@dataclass(frozen=True, slots=True)
class Place:
    """An office and a point inside it."""

    code: str
    lat: float
    lon: float


def places() -> list[Place]:
    """The offices, a grid of them."""
    return [
        Place(f"KANTOR-{n:02d}", round(_SOUTH + n // 9 * _STEP, 6), round(_WEST + n % 9 * _STEP, 6))
        for n in range(PLACES)
    ]


def people(count: int) -> list[Caller]:
    """The people, spread over the agencies."""
    return [
        Caller(f"ukur{n:05d}", id_of_key(f"UKUR-{n:05d}"), _agency(n % AGENCIES))
        for n in range(count)
    ]


async def bring_in(gateway: str, mint: Mint, count: int, say: Callable[[str], None]) -> None:
    """Create agencies, offices and people."""
    headers = {"Authorization": f"Bearer {mint.token_for(ADMIN)}", "Accept-Language": "en"}
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(gateway, headers=headers, timeout=timeout) as session:
        await _put(session, "/v1/agencies/PEMKOT", _agency_body("Pemerintah Kota", None))
        await _together(
            _put(session, f"/v1/agencies/{_agency(n)}", _agency_body(f"Dinas {n:03d}", "PEMKOT"))
            for n in range(AGENCIES)
        )
        await _together(
            _put(session, f"/v1/offices/{place.code}", _office_body(place, n))
            for n, place in enumerate(places())
        )
        for start in range(0, count, _CHUNK):
            await _import(session, list(_rows(start, min(count, start + _CHUNK))))
            say(f"  {min(count, start + _CHUNK)} of {count} people")


def _agency(number: int) -> str:
    return f"OPD-{number:03d}"


def _agency_body(name: str, parent: str | None) -> dict[str, Any]:
    stages = [{"stage": "active", "from": _SINCE}]
    return {"name": name, "kind": "dinas", "parent": parent, "stages": stages}


def _office_body(place: Place, number: int) -> dict[str, Any]:
    boundary = _circle(place) if number % 2 else _square(place)
    used_by = [_agency(number), _agency((number + PLACES) % AGENCIES)]
    return {
        "name": place.code,
        "boundary": boundary,
        "used_by": used_by,
        "invented": True,
        "from": _SINCE,
    }


def _circle(place: Place) -> dict[str, Any]:
    return {"circle": {"lat": place.lat, "lon": place.lon, "radius_m": 120}}


def _square(place: Place) -> dict[str, Any]:
    half = 0.001
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    ring = [[place.lon + dx, place.lat + dy] for dx, dy in corners]
    return {"polygon": {"type": "Polygon", "coordinates": [ring]}}


def _rows(start: int, end: int) -> Iterator[str]:
    for n in range(start, end):
        chief = f"UKUR-{n % AGENCIES:05d}" if n >= AGENCIES else ""
        agency = _agency(n % AGENCIES)
        yield f"UKUR-{n:05d},Pegawai {n:05d},pns,{agency},Pelaksana,{chief},{_SINCE}"


async def _put(session: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
    async with session.put(path, json=body, headers={"If-None-Match": "*"}) as answer:
        told = await answer.json()
        if answer.status == 202:
            told = await _outcome(session, answer.headers["Location"])
    if "version" not in told:
        raise SystemExit(f"PUT {path}: {str(told)[:500]}")


async def _import(session: aiohttp.ClientSession, rows: Sequence[str]) -> None:
    text = "\n".join((_COLUMNS, *rows)) + "\n"
    headers = {"Content-Type": "text/csv"}
    async with session.post("/v1/imports/employees", data=text, headers=headers) as answer:
        told = await answer.json()
        if answer.status == 202:
            told = await _outcome(session, answer.headers["Location"])
    if told.get("accepted") != len(rows):
        raise SystemExit(f"POST /v1/imports/employees: {str(told)[:500]}")


async def _outcome(session: aiohttp.ClientSession, location: str) -> dict[str, Any]:
    """It took longer than a caller waits: what its receipt says in the end."""
    for _ in range(600):
        async with session.get(location) as answer:
            told: dict[str, Any] = await answer.json()
        if told["status"] != "pending":
            result: dict[str, Any] = told.get("result") or told
            return result
        await asyncio.sleep(0.1)
    raise SystemExit("a call of the city's does not come to its end")


async def _together(work: Iterator[Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Awaitable[None]) -> None:
        async with gate:
            await each

    await asyncio.gather(*(one(each) for each in work))
