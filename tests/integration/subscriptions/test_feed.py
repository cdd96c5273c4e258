"""The feed over HTTP: who sees what, in which order, from where, and how long it waits."""

import asyncio
import json
import time

import pytest

from tests.integration.subscriptions.builders import a_persons_day, an_agency, counts_of
from tests.integration.subscriptions.conftest import ACCOUNTS
from tests.waiting import eventually


@pytest.fixture
async def end(ask, publish):
    """The cursor behind everything that other tests have published."""
    latest = await ask("GET", "/v1/events", by="admin", params={"after": "latest"})
    assert latest.status_code == 200, latest.text
    assert latest.json()["items"] == []
    (id_,) = await publish(counts_of("THE-END"))
    await read_until(ask, id_, latest.json()["next_cursor"])
    answer = await ask("GET", "/v1/events", by="admin", params={"after": "latest"})
    return answer.json()["next_cursor"]


async def read_until(ask, last_id, after, *, by="jabar", **params):
    """Pages from a cursor on until the event with this id has come; all items."""
    items, cursor = [], after
    deadline = time.monotonic() + 20
    while not items or items[-1]["id"] != last_id:
        assert time.monotonic() < deadline, f"{last_id} did not come"
        answer = await ask(
            "GET", "/v1/events", by=by, params={"after": cursor, "wait_s": 2, **params}
        )
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
    return items


async def test_an_outsider_sees_public_events_without_a_person(ask, publish, end):
    await publish(a_persons_day())
    ids = await publish(counts_of("DINKES"), counts_of("BKPSDM"))

    items = await read_until(ask, ids[-1], end)

    assert [item["id"] for item in items] == ids
    assert items[0]["data"] == {
        "agency": "DINKES",
        "date": "2026-11-24",
        "people": 10,
        "counts": {"present": 10},
    }
    assert not {"actor", "correlationid", "causationid"} & set(items[0])
    assert "siti" not in json.dumps(items)


@pytest.mark.parametrize("account", ["admin", "auditor", "operator"])
async def test_the_city_sees_everything(ask, publish, end, account):
    ids = await publish(a_persons_day(), counts_of(), a_persons_day())

    items = await read_until(ask, ids[-1], end, by=account)

    assert [item["id"] for item in items] == ids
    assert items[0]["data"]["employee"] == "siti"
    assert items[0]["actor"] == "pegawai.dinkes"


@pytest.mark.parametrize("account", ["loader", "kepala.dinkes", "pegawai.dinkes"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/events/stream"])
async def test_nobody_else_reads_the_feed(ask, account, path):
    answer = await ask("GET", path, by=account)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_events_come_in_the_order_in_which_they_entered(ask, publish, end):
    ids = await publish(*(counts_of(people=number) for number in range(60)))

    items = await read_until(ask, ids[-1], end, limit=7)

    assert [item["data"]["people"] for item in items] == list(range(60))


async def test_the_same_cursor_again_when_nothing_is_new(ask, end):
    answer = await ask("GET", "/v1/events", params={"after": end})

    assert answer.json() == {"items": [], "next_cursor": end}


async def test_a_reader_without_a_cursor_begins_with_the_oldest(ask, publish):
    await publish(counts_of())

    async def first_page():
        answer = await ask("GET", "/v1/events", by="admin", params={"limit": 3})
        return answer.json()["items"]

    oldest = await eventually(first_page)
    again = await ask("GET", "/v1/events", by="admin", params={"after": "earliest", "limit": 3})

    assert again.json()["items"][: len(oldest)] == oldest


async def test_types_and_families_are_filters(ask, publish, end):
    wanted = an_agency("KEL-GILINGAN", "KEC-BANJARSARI")
    await publish(counts_of())
    (id_,) = await publish(wanted)
    (last,) = await publish(counts_of())

    exact = await read_until(ask, last, end, types=["attendance.*", wanted.type])
    family = await read_until(ask, id_, end, types=["directory.*"])

    assert [item["id"] for item in family] == [id_]
    assert len(exact) == 3


async def test_an_agency_includes_those_below_it(ask, publish, end):
    await publish(an_agency("KEC-X", None), an_agency("KEL-X", "KEC-X"), an_agency("DIN-X", None))
    ids = await publish(counts_of("KEL-X"), counts_of("DIN-X"), counts_of("KEC-X"))
    await read_until(ask, ids[-1], end)

    async def below():
        params = {"after": end, "agency": "KEC-X", "types": "attendance.*"}
        answer = await ask("GET", "/v1/events", params=params)
        found = [item["id"] for item in answer.json()["items"]]
        return found == [ids[0], ids[2]]

    await eventually(below)  # the copy of the tree is at most two seconds old
    params = {"after": end, "agency": "KEC-X", "types": "attendance.*", "exact": "true"}
    exact = await ask("GET", "/v1/events", params=params)
    assert [item["id"] for item in exact.json()["items"]] == [ids[2]]


async def test_a_long_poll_answers_as_soon_as_something_is_new(ask, publish, end):
    waiting = asyncio.create_task(ask("GET", "/v1/events", params={"after": end, "wait_s": 20}))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    ids = await publish(a_persons_day(), counts_of())

    answer = await waiting

    assert [item["id"] for item in answer.json()["items"]] == ids[1:]
    assert time.monotonic() - began < 5


async def test_a_long_poll_ends_in_time(ask, end):
    began = time.monotonic()

    answer = await ask("GET", "/v1/events", params={"after": end, "wait_s": 1})

    assert answer.json()["items"] == []
    assert 0.9 < time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"after": "invented"}, "/query/after"),
        ({"after": "AAAAAAAAAAAAAAAAAAAAAAAA"}, "/query/after"),
        ({"after": "not a cursor!"}, "/query/after"),
        ({"types": "attendance.day.changed.v1"}, "/query/types"),
        ({"types": "nothing.*"}, "/query/types"),
        ({"types": "Tasks.*"}, "/query/types/0"),
        ({"wait_s": "31"}, "/query/wait_s"),
        ({"wait_s": "nan"}, "/query/wait_s"),
        ({"limit": "201"}, "/query/limit"),
        ({"limit": "0"}, "/query/limit"),
        ({"agency": "no such code!"}, "/query/agency/0"),
    ],
)
async def test_what_cannot_be_is_refused_and_named(ask, params, pointer):
    answer = await ask("GET", "/v1/events", params=params)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_stream_resumes_behind_the_last_event_it_gave(ask, publish, end):
    ids = await publish(*(counts_of(people=number) for number in range(5)))
    await read_until(ask, ids[-1], end)

    first = await _stream(ask, {"Last-Event-ID": end}, until=3)
    rest = await _stream(ask, {"Last-Event-ID": first[-1]["id"]}, until=2)

    assert [item["data"]["id"] for item in [*first, *rest]] == ids
    assert first[0]["event"] == "attendance.agency_day.counted.v1"


async def test_a_stream_without_a_cursor_gives_what_is_new(ask, publish, end):
    listening = asyncio.create_task(_stream(ask, {}, until=1, began=(began := asyncio.Event())))
    await began.wait()
    (id_,) = await publish(counts_of())

    assert [item["data"]["id"] for item in await listening] == [id_]


async def _stream(ask, headers, *, until, began=None):
    """The first events of a stream, as a client reads them."""
    found, current = [], {}
    sent = ask.headers("jabar") | headers
    async with (
        asyncio.timeout(20),
        ask.http.stream("GET", "/v1/events/stream", headers=sent) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if began is not None:
                began.set()
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                current[name] = json.loads(value) if name == "data" else value
            if not line and "data" in current:
                found.append(current)
                current = {}
            if len(found) == until:
                break
    return found


def test_every_kind_of_account_is_tried():
    assert set(ACCOUNTS.values()) == {
        "admin", "operator", "auditor", "subscriber", "loader", "head", "employee",
    }  # fmt: skip
