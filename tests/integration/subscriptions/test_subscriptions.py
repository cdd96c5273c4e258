"""Standing subscriptions over HTTP and AMQP: credentials, rights, order, fullness, replay, end."""

import asyncio
import json
from urllib.parse import quote

import aio_pika
import aiormq
import httpx
import pytest

from tests.integration.subscriptions.builders import a_persons_day, an_account, counts_of
from tests.integration.subscriptions.conftest import ACCOUNTS
from tests.waiting import eventually

COUNTS = "attendance.agency_day.counted.v1"


@pytest.fixture
def subscribe(ask):
    async def subscribe(name, *, by="jabar", delivery="amqp", **more):
        body = {"name": name, "types": [COUNTS], "delivery": {delivery: {}}, "after": "latest"}
        return await ask("POST", "/v1/subscriptions", by=by, json=body | more)

    return subscribe


@pytest.fixture
def change(ask):
    """A command on a subscription, whether it is answered at once or by receipt."""

    async def change(method, path, *, by="jabar", **more):
        answer = await ask(method, path, by=by, **more)
        if answer.status_code != 202:
            return answer

        async def settled():
            receipt = await ask("GET", answer.headers["Location"], by=by)
            return receipt if receipt.json()["status"] != "pending" else None

        return await eventually(settled, within_s=30)

    return change


def url_of(credentials):
    user, password = quote(credentials["username"]), quote(credentials["password"])
    host = f"{credentials['host']}:{credentials['port']}"
    return f"amqp://{user}:{password}@{host}/{credentials['virtual_host']}"


async def take(credentials, count, *, within_s=20):
    """The next messages of the queue, as a subscriber takes them."""
    connection = await aio_pika.connect(url_of(credentials), timeout=5)
    found = []
    async with connection, asyncio.timeout(within_s):
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=50)
        queue = await channel.get_queue(credentials["queue"], ensure=False)
        async with queue.iterator() as messages:
            async for message in messages:
                found.append(message)
                await message.ack()
                if len(found) == count:
                    break
    return found


async def test_a_queue_of_its_own_receives_the_public_view_in_order(subscribe, publish, a_name):
    credentials = (await subscribe(a_name)).json()["credentials"]
    await publish(a_persons_day())
    ids = await publish(*(counts_of(people=number) for number in range(20)))

    messages = await take(credentials, 20)

    events = [json.loads(message.body) for message in messages]
    assert [message.message_id for message in messages] == ids
    assert [event["data"]["people"] for event in events] == list(range(20))
    assert {message.type for message in messages} == {COUNTS}
    assert "actor" not in events[0]
    assert all(message.headers["x-cursor"] for message in messages)


async def test_the_feed_goes_on_behind_a_message_of_the_queue(subscribe, publish, ask, a_name):
    credentials = (await subscribe(a_name)).json()["credentials"]
    ids = await publish(counts_of(), counts_of())
    first, _ = await take(credentials, 2)

    params = {"after": first.headers["x-cursor"], "types": COUNTS}
    answer = await ask("GET", "/v1/events", params=params)

    assert answer.json()["items"][0]["id"] == ids[1]


async def test_the_credentials_are_shown_once(subscribe, ask, a_name):
    created = await subscribe(a_name)

    assert created.status_code == 201, created.text
    assert len(created.json()["credentials"]["password"]) > 20
    shown = (await ask("GET", f"/v1/subscriptions/{created.json()['id']}")).json()
    assert "credentials" not in shown
    assert shown["queue"] == f"agency.{a_name}"
    assert shown["delivery"] == {"amqp": {}}
    assert (shown["state"], shown["owner"], shown["types"]) == ("active", "jabar", [COUNTS])
    assert set(shown["actions"]) == {"pause", "replay", "rotate-secret", "test", "end"}


async def test_a_subscriber_may_read_its_own_queue_and_nothing_else(subscribe, a_name):
    own = (await subscribe(a_name)).json()["credentials"]
    other = (await subscribe(f"{a_name}x", by="diy")).json()["credentials"]
    connection = await aio_pika.connect(url_of(own), timeout=5)

    async with connection:
        channel = await connection.channel()
        foreign = await channel.get_queue(other["queue"], ensure=False)
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await foreign.get(timeout=5)
        channel = await connection.channel()
        with pytest.raises((aiormq.exceptions.AMQPError, aio_pika.exceptions.AMQPError)):
            await channel.default_exchange.publish(aio_pika.Message(b"x"), own["queue"])
        channel = await connection.channel()
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await channel.declare_queue("mine")


async def test_the_citys_own_host_is_closed_to_a_subscriber(subscribe, servers, a_name):
    credentials = (await subscribe(a_name)).json()["credentials"]

    with pytest.raises((aiormq.exceptions.AMQPError, ConnectionError)):
        await aio_pika.connect(url_of(credentials | {"virtual_host": servers.vhost}), timeout=5)


async def test_a_name_is_taken_once(subscribe, a_name):
    await subscribe(a_name)

    again = await subscribe(a_name)
    by_another = await subscribe(a_name, by="diy")

    assert [answer.json()["code"] for answer in (again, by_another)] == ["wrong_state"] * 2
    assert again.status_code == 409


async def test_twenty_at_once_make_one_subscription(subscribe, a_name):
    answers = await asyncio.gather(*(subscribe(a_name, delivery="feed") for _ in range(20)))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [409] * 19


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "Not A Name"}, "/name"),
        ({"name": "x" * 41}, "/name"),
        ({"types": []}, "/types"),
        ({"types": ["nothing.*"]}, "/types"),
        ({"types": ["attendance.check_in.recorded.v1"]}, "/types"),
        ({"delivery": {}}, "/delivery"),
        ({"delivery": {"feed": {}, "amqp": {}}}, "/delivery"),
        ({"delivery": {"webhook": {"url": "https://10.1.2.3/"}}}, "/delivery/webhook/url"),
        ({"after": "invented"}, "/after"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_subscription_that_cannot_be_is_refused(ask, a_name, changes, pointer):
    body = {"name": a_name, "types": [COUNTS], "delivery": {"feed": {}}} | changes

    answer = await ask("POST", "/v1/subscriptions", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_full_queue_holds_only_its_own_subscriber(subscribe, publish, ask, servers, a_name):
    full = (await subscribe(a_name)).json()
    free = (await subscribe(f"{a_name}x")).json()
    await _limit(servers, full["queue"], 2)

    ids = await publish(*(counts_of(people=number) for number in range(30)))

    received = await take(free["credentials"], 30)
    assert [message.message_id for message in received] == ids

    async def held():
        return (await ask("GET", f"/v1/subscriptions/{full['id']}")).json()["held"]

    assert "refused" in (await eventually(held))["reason"]
    late = await take(full["credentials"], 30, within_s=60)
    first_seen = list(dict.fromkeys(message.message_id for message in late))
    assert first_seen == ids[: len(first_seen)]
    assert first_seen


async def test_a_paused_subscriber_loses_nothing(subscribe, publish, change, ask, a_name):
    created = (await subscribe(a_name)).json()
    path = f"/v1/subscriptions/{created['id']}"
    paused = await change("POST", f"{path}/pause")
    ids = await publish(counts_of(), counts_of())

    async def behind():
        return (await ask("GET", path)).json()["lag"] >= 2

    await eventually(behind)
    again = await change("POST", f"{path}/pause")
    resumed = await change("POST", f"{path}/resume")

    assert [message.message_id for message in await take(created["credentials"], 2)] == ids
    assert (paused.json()["state"], resumed.json()["state"]) == ("paused", "active")
    assert again.json()["code"] == "wrong_state"


async def test_a_closed_account_receives_nothing_more(subscribe, publish, ask, a_name):
    closed = (await subscribe(a_name, by="banten")).json()["id"]
    other = (await subscribe(f"{a_name}x", delivery="feed")).json()["id"]

    await publish(an_account("jabar", active=True), an_account("banten", active=False))

    async def state(id_):
        return (await ask("GET", f"/v1/subscriptions/{id_}", by="operator")).json()["state"]

    async def rests():
        return await state(closed) == "paused"

    await eventually(rests)
    assert await state(other) == "active"


async def test_a_replay_delivers_the_same_ids_again(subscribe, publish, change, ask, a_name):
    created = (await subscribe(a_name)).json()
    ids = await publish(*(counts_of() for _ in range(4)))
    first = await take(created["credentials"], 4)

    answer = await change(
        "POST",
        f"/v1/subscriptions/{created['id']}/replay",
        json={"after": first[1].headers["x-cursor"]},
    )

    assert answer.status_code == 200, answer.text
    again = await take(created["credentials"], 2)
    assert [message.message_id for message in again] == ids[2:]


async def test_a_new_secret_ends_the_old_one_and_its_connections(subscribe, publish, ask, a_name):
    created = (await subscribe(a_name)).json()
    old = created["credentials"]
    connection = await aio_pika.connect(url_of(old), timeout=5)
    (id_,) = await publish(counts_of())

    answer = await ask("POST", f"/v1/subscriptions/{created['id']}/rotate-secret")

    new = answer.json()["credentials"]
    assert new["password"] != old["password"]
    await eventually(lambda: connection.is_closed or connection.transport.connection.is_closed)
    with pytest.raises((aiormq.exceptions.AMQPError, ConnectionError)):
        await aio_pika.connect(url_of(old), timeout=5)
    assert [message.message_id for message in await take(new, 1)] == [id_]


async def test_the_end_removes_queue_and_user_and_frees_the_name(subscribe, change, ask, a_name):
    created = (await subscribe(a_name)).json()

    ended = await change("DELETE", f"/v1/subscriptions/{created['id']}")

    assert ended.json()["state"] == "ending"

    async def gone():
        shown = await ask("GET", f"/v1/subscriptions/{created['id']}")
        return shown.json()["state"] == "ended"

    await eventually(gone)
    with pytest.raises((aiormq.exceptions.AMQPError, ConnectionError)):
        await aio_pika.connect(url_of(created["credentials"]), timeout=5)
    assert (await subscribe(a_name, by="diy")).status_code == 201


async def test_a_feed_subscription_keeps_the_cursor_of_what_was_read(
    subscribe, publish, ask, change, a_name
):
    created = (await subscribe(a_name, delivery="feed")).json()
    path = f"/v1/subscriptions/{created['id']}"
    ids = await publish(a_persons_day(), counts_of(), counts_of())
    params = {"subscription": created["id"]}

    async def both():
        page = (await ask("GET", "/v1/events", params=params)).json()
        return page if len(page["items"]) == 2 else None

    page = await eventually(both)
    confirming = params | {"after": page["next_cursor"]}
    after = (await ask("GET", "/v1/events", params=confirming)).json()
    without = (await ask("GET", "/v1/events", params=params)).json()
    await change("POST", f"{path}/replay", json={"after": created["cursor"]})
    replayed = (await ask("GET", "/v1/events", params=params)).json()

    assert created["credentials"] is None
    assert [item["id"] for item in page["items"]] == ids[1:]
    assert after["items"] == without["items"] == []
    assert [item["id"] for item in replayed["items"]] == ids[1:]


async def test_only_the_owner_and_the_stewards_see_a_subscription(subscribe, ask, a_name):
    created = (await subscribe(a_name, delivery="feed")).json()
    path = f"/v1/subscriptions/{created['id']}"

    seen = {by: (await ask("GET", path, by=by)).status_code for by in ACCOUNTS}

    assert seen == {
        "admin": 200,
        "operator": 200,
        "jabar": 200,
        "diy": 404,
        "banten": 404,
        "auditor": 403,
        "loader": 403,
        "kepala.dinkes": 403,
        "pegawai.dinkes": 403,
    }
    unknown = await ask("GET", "/v1/subscriptions/unknown")
    assert unknown.status_code == 404


@pytest.mark.parametrize("action", ["pause", "resume", "rotate-secret", "replay", "test", "end"])
async def test_nobody_changes_a_subscription_of_another(subscribe, change, action, a_name):
    created = (await subscribe(a_name, delivery="feed")).json()
    path = f"/v1/subscriptions/{created['id']}"
    method, target = ("DELETE", path) if action == "end" else ("POST", f"{path}/{action}")
    body = {"json": {"after": "earliest"}} if action == "replay" else {}

    foreign = await change(method, target, by="diy", **body)
    outside = await change(method, target, by="pegawai.dinkes", **body)

    assert (foreign.status_code, outside.status_code) == (404, 403)


async def test_the_list_shows_what_the_caller_may_see(subscribe, ask, a_name):
    mine = (await subscribe(a_name, delivery="feed")).json()["id"]
    theirs = (await subscribe(f"{a_name}x", by="diy", delivery="feed")).json()["id"]

    async def listed(by):
        found, cursor = set(), None
        while True:
            params = {"limit": 5} | ({"cursor": cursor} if cursor else {})
            page = (await ask("GET", "/v1/subscriptions", by=by, params=params)).json()
            found |= {item["id"] for item in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    own, everybodys = await listed("jabar"), await listed("operator")

    assert mine in own
    assert theirs not in own
    assert {mine, theirs} <= everybodys
    assert (await ask("GET", "/v1/subscriptions", by="auditor")).status_code == 403


async def _limit(servers, queue, length):
    """Bound a queue by policy, as an operator would."""
    url = httpx.URL(servers.management_url)
    body = {
        "pattern": f"^{queue}$",
        "definition": {"max-length": length, "overflow": "reject-publish"},
        "apply-to": "queues",
        "priority": 9,
    }
    async with httpx.AsyncClient(
        base_url=f"{url.scheme}://{url.host}:{url.port}",
        auth=(url.username, url.password),
    ) as client:
        answer = await client.put(f"/api/policies/public/{queue}", json=body)
        assert answer.status_code < 300, answer.text
