"""``python -m tests.integration.access.fill URL PASSWORD`` writes the table as a system answers.

For whoever adds a route: run it, then read every new cell and decide whether it is right.
"""

import asyncio
import csv
import sys

import httpx

from tests.integration.access.calls import CALLS, STATEFUL
from tests.integration.access.matrix import FILE, KEYS, served_routes, statuses_of
from tests.integration.access.world import ROLES, build


async def fill(url: str, password: str) -> None:
    """Ask everything as everybody and write down the answers."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        world = await build(client, password)
        with FILE.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow((*KEYS, *ROLES))
            for route in served_routes():
                for about in CALLS[route].objects:
                    answered = await statuses_of(world, route, about)
                    cells = [_cell(route, status) for status in answered.values()]
                    table.writerow((*route.split(" "), about, *cells))


def _cell(route: str, status: int | None) -> str:
    if status is None:
        return ""
    method, path = route.split(" ")
    if method != "GET" and path.startswith(STATEFUL) and status in {200, 201, 409}:
        return "201|409" if path == "/v1/check-ins" else "200|409"
    return str(status)


if __name__ == "__main__":
    asyncio.run(fill(*sys.argv[1:3]))
