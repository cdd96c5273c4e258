"""The table: for every route and object, the status that each role is answered with."""

import asyncio
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi.routing import APIRoute

from gateway.app import route_list
from tests.integration.access.calls import BATCHES, CALLS, STREAMS, Sent
from tests.integration.access.world import ROLES, World, ask_for_help
from tests.waiting import eventually

FILE = Path(__file__).parent / "matrix.csv"
KEYS = ("method", "path", "object")


@dataclass(frozen=True)
class Row:
    """What each role is answered with; several where the state decides, none where moot."""

    route: str
    about: str
    expected: Mapping[str, frozenset[int]]


def served_routes() -> list[str]:
    """Every route of the gateway, in the order of the calls."""
    found = {
        f"{method} {route.path}"
        for route in route_list()
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    order = {name: place for place, name in enumerate(CALLS)}
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))


def rows() -> list[Row]:
    """The table as it is kept."""
    with FILE.open(newline="", encoding="utf-8") as file:
        return [
            Row(
                route=f"{line['method']} {line['path']}",
                about=line["object"],
                expected={role: _statuses(line[role]) for role in ROLES},
            )
            for line in csv.DictReader(file)
        ]


def _statuses(cell: str) -> frozenset[int]:
    return frozenset(int(status) for status in cell.split("|") if status)


async def statuses_of(world: World, route: str, about: str) -> dict[str, int | None]:
    """What each role is answered with."""
    if CALLS[route].acts_on_request:
        await ask_for_help(world, about)
    asked = (_status_of(world, route, about, role) for role in ROLES)
    return dict(zip(ROLES, await asyncio.gather(*asked), strict=True))


async def _status_of(world: World, route: str, about: str, role: str) -> int | None:
    """What a role is answered with; nothing where the role has no such object."""
    method = route.partition(" ")[0]
    sent = CALLS[route].about(world, role, about)
    if sent is None:
        return None
    if route not in STREAMS:
        answer = await _decided(world, role, method, sent)
        return _of_the_item(answer) if route in BATCHES else answer.status_code
    headers = {} if role == "anonymous" else {"Authorization": f"Bearer {world.tokens[role]}"}
    async with world.client.stream(method, sent.path, headers=headers) as answer:
        return answer.status_code


async def _decided(world: World, role: str, method: str, sent: Sent) -> httpx.Response:
    """Ask with the same key until it is decided: a busy machine makes nobody more entitled."""
    more = dict(sent.more)
    more["headers"] = {**more.get("headers", {}), "Idempotency-Key": str(uuid4())}

    async def ask() -> httpx.Response | None:
        answer = await world.ask(role, method, sent.path, **more)
        undecided = answer.status_code == 503 or b'"status":"pending"' in answer.content
        return None if undecided else answer

    return await eventually(ask, within_s=60, every_s=0.5)


def _of_the_item(answer: httpx.Response) -> int:
    """The status of the only item's own problem, where it has one."""
    if answer.status_code != 200:
        return answer.status_code
    problem = answer.json()["items"][0].get("problem")
    return answer.status_code if problem is None else int(problem["status"])
