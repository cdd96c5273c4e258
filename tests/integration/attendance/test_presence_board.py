"""The presence board: state as it changes, names for those who may see them."""

import asyncio
import json

import pytest

from tests.integration.attendance.conftest import HALL, JEBRES
from tests.integration.attendance.test_check_ins import an_arrival


@pytest.fixture
async def states(servers, ask):
    """Follow a board through the stream: ``async for state in states("admin", "office=X")``."""

    async def follow(by, query):
        path = f"/v1/presence/stream?{query}"
        task: asyncio.Queue[dict] = asyncio.Queue()
        app = ask.http._transport.app
        scope_headers = [(k.lower().encode(), v.encode()) for k, v in ask.headers(by).items()]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(),
            "query_string": query.encode(),
            "headers": scope_headers,
            "client": ("192.0.2.30", 1),
            "server": ("test", 80),
            "scheme": "http",
            "root_path": "",
        }
        gone = asyncio.Event()

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            for event in message.get("body", b"").decode().split("\n\n"):
                if event.startswith("event: presence\ndata: "):
                    await task.put(json.loads(event.partition("data: ")[2]))

        running = asyncio.create_task(app(scope, receive, send))
        try:
            while True:
                async with asyncio.timeout(20):
                    yield await task.get()
        finally:
            gone.set()
            await asyncio.wait({running}, timeout=10)
            running.cancel()

    return follow


async def test_a_board_shows_the_state_at_once_and_every_change(ask, states):
    await ask("POST", "/check-ins", "cici", json=an_arrival(HALL))
    board = states("admin", "office=JEBRES")
    first = await anext(board)
    assert first["office"] == "JEBRES"
    assert first["capacity"] == 40
    assert "Cici" not in {one["person"]["name"] for one in first["people"]}

    moved = await ask("POST", "/check-ins", "cici", json=an_arrival(JEBRES))
    assert moved.status_code == 201, moved.text
    async for state in board:
        if "Cici" in {one["person"]["name"] for one in state["people"]}:
            break
    await board.aclose()

    assert state["present"] >= 1
    entry = next(one for one in state["people"] if one["person"]["name"] == "Cici")
    assert entry["since"] is not None


async def test_another_agency_sees_the_count_without_names(ask):
    await ask("POST", "/check-ins", "cici", json=an_arrival(JEBRES))

    seen = (await ask("GET", "/presence?office=JEBRES", "ani")).json()
    led = (await ask("GET", "/presence?agency=DINKES", "kepala.dinkes")).json()

    assert seen["present"] >= 1
    assert "Cici" not in {one["person"]["name"] for one in seen["people"]}
    assert "Cici" in {one["person"]["name"] for one in led["people"]}


@pytest.mark.parametrize(
    ("by", "query", "status"),
    [
        ("jabar", "office=JEBRES", 403),
        ("loader", "office=JEBRES", 403),
        ("admin", "office=NOWHERE", 404),
        ("admin", "agency=NOWHERE", 404),
        ("admin", "", 422),
        ("admin", "office=JEBRES&agency=DINKES", 422),
    ],
)
async def test_a_board_that_may_not_be_seen_is_refused_before_it_streams(ask, by, query, status):
    assert (await ask("GET", f"/presence/stream?{query}", by)).status_code == status
