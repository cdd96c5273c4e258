"""Webhooks: signed, in order, tried again, paused; with a real receiver that also misbehaves."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kit.storage.store import Store
from services.subscriptions.deliveries.addresses import Allowed
from services.subscriptions.deliveries.errands import Errands
from services.subscriptions.deliveries.post import HttpPoster
from tests.integration.subscriptions.builders import counts_of
from tests.integration.subscriptions.conftest import settings_for
from tests.waiting import eventually

COUNTS = "attendance.agency_day.counted.v1"


@dataclass
class Receiver:
    """A web server of another government: notes every call and answers as it is told."""

    port: int = 0
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    slow_s: float = 0.0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook?city=solo"

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.calls]

    async def __call__(self, scope, receive, send):
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.calls.append(({k.decode(): v.decode() for k, v in scope["headers"]}, body))
        await asyncio.sleep(self.slow_s)
        status = self.answers.pop(0) if self.answers else 204
        start = {"type": "http.response.start", "status": status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": b""})


async def _serve(app, **more):
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", **more)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, within_s=20)

    async def stop():
        server.should_exit = True
        await serving

    return server.servers[0].sockets[0].getsockname()[1], stop


@pytest.fixture
async def receiver():
    found = Receiver()
    found.port, stop = await _serve(found, timeout_graceful_shutdown=1)
    yield found
    await stop()


@pytest.fixture
def hook(ask, a_name, receiver):
    """A subscription by webhook: ``await hook()``; its secret and id."""

    async def subscribe(url=None, **more):
        body = {
            "name": a_name,
            "types": [COUNTS],
            "delivery": {"webhook": {"url": url or receiver.url}},
            "after": "latest",
        }
        answer = await ask("POST", "/v1/subscriptions", json=body | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return subscribe


def is_signed(secret, headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


async def test_events_arrive_signed_in_order_and_are_written_down(hook, receiver, publish, ask):
    made = await hook()
    ids = await publish(*(counts_of(people=number) for number in range(12)))

    await eventually(lambda: len(receiver.calls) >= 12)

    assert receiver.ids == ids
    headers, body = receiver.calls[-1]
    assert all(is_signed(made["secret"], *call) for call in receiver.calls)
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert json.loads(body)["data"]["people"] == 11
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    path = f"/v1/subscriptions/{made['id']}"

    async def noted():
        page = (await ask("GET", f"{path}/deliveries", params={"limit": 5})).json()
        return page if page["items"] and page["items"][0]["event_id"] == ids[-1] else None

    page = await eventually(noted)
    assert [item["event_id"] for item in page["items"]] == ids[:-6:-1]
    assert {(item["outcome"], item["status"]) for item in page["items"]} == {("delivered", 204)}
    shown = (await ask("GET", path)).json()
    assert (shown["delivered"], shown["delivery"]) == (12, {"webhook": {"url": receiver.url}})
    assert "secret" not in shown


async def test_a_failure_holds_what_follows_and_a_test_that_arrives_lets_it_go_on(
    hook, receiver, publish, ask
):
    made = await hook()
    path = f"/v1/subscriptions/{made['id']}"
    receiver.answers[:] = [500]
    ids = await publish(counts_of(), counts_of(), counts_of())

    async def held():
        return (await ask("GET", path)).json()["held"]

    standstill = await eventually(held)
    assert standstill["reason"] == "answered 500"
    refused = (await ask("GET", f"{path}/deliveries", params={"outcome": "refused"})).json()
    assert [(one["event_id"], one["status"]) for one in refused["items"]] == [(ids[0], 500)]
    tested = await ask("POST", f"{path}/test")
    await eventually(lambda: len(receiver.calls) >= 5)

    assert (tested.status_code, tested.json()["outcome"]) == (200, "delivered"), tested.text
    assert tested.json()["test"] is True
    assert receiver.ids == [ids[0], tested.json()["event_id"], *ids]
    assert all(is_signed(made["secret"], *call) for call in receiver.calls)


async def test_it_goes_on_by_itself_after_its_rest(hook, receiver, publish):
    await hook()
    receiver.answers[:] = [503]
    (id_,) = await publish(counts_of())

    await eventually(lambda: len(receiver.calls) >= 2, within_s=15)

    assert receiver.ids == [id_, id_]


async def test_a_slow_receiver_is_given_up_and_holds_up_nobody_else(
    hook, receiver, publish, ask, a_name
):
    slow = await hook()
    receiver.slow_s = 3
    quick = Receiver()
    quick.port, stop = await _serve(quick)
    await hook(quick.url, name=f"{a_name}x")
    ids = await publish(*(counts_of() for _ in range(5)))

    await eventually(lambda: len(quick.calls) >= 5, within_s=10)
    await stop()

    async def held():
        return (await ask("GET", f"/v1/subscriptions/{slow['id']}")).json()["held"]

    assert "no answer within 1 s" in (await eventually(held))["reason"]
    assert quick.ids == ids


async def test_redirects_are_not_followed(hook, receiver, publish, ask):
    made = await hook()
    elsewhere = Receiver()
    elsewhere.port, stop = await _serve(elsewhere)
    receiver.headers = [(b"location", elsewhere.url.encode())]
    receiver.answers[:] = [307]

    tested = await ask("POST", f"/v1/subscriptions/{made['id']}/test")
    await stop()

    assert tested.json()["outcome"] == "refused"
    assert (tested.json()["status"], elsewhere.calls) == (307, [])


async def test_a_receiver_that_is_gone_is_paused_and_its_owner_lets_it_go_on(
    hook, receiver, publish, ask
):
    made = await hook()
    path = f"/v1/subscriptions/{made['id']}"
    receiver.answers[:] = [410]
    (id_,) = await publish(counts_of())

    async def paused():
        shown = (await ask("GET", path)).json()
        return shown if shown["state"] == "paused" else None

    shown = await eventually(paused)
    assert shown["paused_by"] == "failures"
    resumed = await ask("POST", f"{path}/resume")
    await eventually(lambda: len(receiver.calls) >= 2)

    assert resumed.json()["paused_by"] is None
    assert receiver.ids == [id_, id_]


async def test_after_a_rotation_both_secrets_sign_for_a_while(hook, receiver, publish, ask):
    made = await hook()

    rotated = (await ask("POST", f"/v1/subscriptions/{made['id']}/rotate-secret")).json()
    await publish(counts_of())
    await eventually(lambda: receiver.calls)

    assert rotated["secret"] != made["secret"]
    assert is_signed(made["secret"], *receiver.calls[0])
    assert is_signed(rotated["secret"], *receiver.calls[0])


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://10.0.0.1/", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("http://[::1]:15672/", "not public"),
        ("https://no-such-host.invalid/", "cannot be found"),
        ("https://a:b@example.org/", "user or password"),
    ],
)
async def test_what_is_not_public_is_refused_when_it_is_asked_for(ask, a_name, url, detail):
    body = {"name": a_name, "types": [COUNTS], "delivery": {"webhook": {"url": url}}}

    answer = await ask("POST", "/v1/subscriptions", json=body)

    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/delivery/webhook/url"
    assert detail in error["detail"]


async def test_a_name_that_leads_inside_later_is_not_called_either(receiver):
    poster = HttpPoster(Allowed(http=True), timeout_s=2)  # as the settings are without exceptions

    outcome = await poster.post(f"http://localhost:{receiver.port}/", {}, b"{}")
    await poster.close()

    assert not outcome.delivered
    assert "not public" in outcome.reason
    assert receiver.calls == []


async def test_a_certificate_must_be_that_of_the_name(tmp_path):
    trusted, certificate = _certified("localhost", tmp_path / "localhost.pem")
    receiver = Receiver()
    receiver.port, stop = await _serve(receiver, ssl_certfile=certificate)
    allowed = Allowed.of("127.0.0.0/8 ::1/128", http=False)
    trusting, doubting = HttpPoster(allowed, 5, tls=trusted), HttpPoster(allowed, 5)

    by_name = await trusting.post(f"https://localhost:{receiver.port}/", {}, b"{}")
    by_address = await trusting.post(f"https://127.0.0.1:{receiver.port}/", {}, b"{}")
    unknown_issuer = await doubting.post(f"https://localhost:{receiver.port}/", {}, b"{}")
    for poster in (trusting, doubting):
        await poster.close()
    await stop()

    assert by_name.delivered, by_name
    assert "ConnectError" in by_address.reason
    assert "ConnectError" in unknown_issuer.reason
    assert [headers["host"] for headers, _ in receiver.calls] == [f"localhost:{receiver.port}"]


def _certified(name, path):
    """A context that trusts a new certificate of this name alone, and the file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + text)
    return ssl.create_default_context(cadata=text.decode()), str(path)


async def test_of_two_replicas_one_serves_a_subscriber_at_a_time(servers, service):
    stores = [Store("subscriptions", settings_for(servers, "webhook_leases")) for _ in range(2)]
    await stores[0].migrate()

    taken = [await store.leases.take("webhook:x", term=timedelta(seconds=60)) for store in stores]
    await stores[0].leases.release_all()
    handed_over = await stores[1].leases.take("webhook:x", term=timedelta(seconds=60))
    for store in stores:
        await store.close()

    assert (taken, handed_over) == ([True, False], True)


async def test_an_errand_is_under_way_once():
    errands, begun, go = Errands(), [], asyncio.Event()

    async def work():
        begun.append(1)
        await go.wait()

    errands.begin("a", work)
    errands.begin("a", work)
    await asyncio.sleep(0)
    go.set()
    await asyncio.sleep(0.01)
    errands.begin("a", work)
    await asyncio.sleep(0)

    assert len(begun) == 2
