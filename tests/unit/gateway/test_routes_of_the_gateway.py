"""Session, receipts, health and pages: what the gateway answers by itself."""

import pytest

from contracts.envelope import Answer, Grant
from contracts.identity import SignedIn
from contracts.outcome import Problem
from contracts.receipts import ReceiptView
from kit.clock import now
from kit.messaging.client import Unavailable

CHECK_IN = {"direction": "in"}


def a_session():
    return SignedIn(
        account="kepala.dinkes",
        employee="e-2",
        agency="DINKES",
        grants=(Grant(role="head", scope="DINKES"),),
        session="s-2",
        refresh_token="s-2.secret",
        refresh_expires_at=now(),
        as_of=now(),
    )


async def test_signing_in_gives_a_token_that_opens_doors(anonymous, courier):
    courier.answer = Answer(result=a_session().model_dump_json())

    answer = await anonymous.post("/v1/session", json={"username": "kepala", "password": "x"})

    told = answer.json()
    assert answer.status_code == 201
    assert told["token_type"] == "Bearer"
    assert told["expires_in"] == 300
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    await anonymous.get("/v1/me", headers=headers)
    assert courier.queries[-1].actor.grants[0].role == "head"


async def test_wrong_credentials_are_401(anonymous, courier):
    courier.answer = Answer(status=401, problem=Problem(code="bad_credentials"))

    answer = await anonymous.post("/v1/session", json={"username": "kepala", "password": "x"})

    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_credentials"


async def test_too_many_failures_tell_how_long_to_wait(anonymous, courier):
    problem = Problem(code="rate_limited", facts={"retry_after_s": 8})
    courier.answer = Answer(status=429, problem=problem)

    answer = await anonymous.post("/v1/session", json={"username": "kepala", "password": "x"})

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "8"


async def test_a_forged_forwarding_header_does_not_change_the_address(anonymous, courier):
    courier.answer = Answer(status=401, problem=Problem(code="bad_credentials"))

    await anonymous.post(
        "/v1/session",
        json={"username": "kepala", "password": "x"},
        headers={"X-Forwarded-For": "10.9.9.9"},
    )

    assert courier.queries[0].body.address == "127.0.0.1"


async def test_signing_out_ends_the_session_of_the_token(client, courier):
    answer = await client.delete("/v1/session")

    assert answer.status_code == 204
    assert answer.content == b""
    assert courier.queries[0].body.session == "s-1"


async def _a_receipt(client, courier):
    courier.verdict = None
    answer = await client.post("/v1/check-ins", json=CHECK_IN)
    return answer.headers["location"]


async def test_a_receipt_tells_the_result(client, courier):
    location = await _a_receipt(client, courier)
    view = ReceiptView(status="accepted", result='{"id":"x"}')
    courier.answer = Answer(result=view.model_dump_json())

    answer = await client.get(location)

    told = answer.json()
    assert answer.status_code == 200
    assert told["status"] == "accepted"
    assert told["result"] == {"id": "x"}
    assert "problem" not in told
    assert courier.queries[-1].name == "attendance.get_receipt"


async def test_a_receipt_tells_a_refusal_in_words(client, courier):
    location = await _a_receipt(client, courier)
    view = ReceiptView(status="refused", problem=Problem(code="nonce_wrong"))
    courier.answer = Answer(result=view.model_dump_json())

    told = (await client.get(location)).json()

    assert told["status"] == "refused"
    assert told["problem"]["code"] == "nonce_wrong"
    assert told["problem"]["status"] == 422


async def test_a_receipt_is_pending_while_the_service_is_silent(client, courier):
    location = await _a_receipt(client, courier)
    courier.answer = Unavailable("down")

    told = (await client.get(location)).json()

    assert told["status"] == "pending"


async def test_a_receipt_of_somebody_else_does_not_exist(client, anonymous, courier, sign_token):
    location = await _a_receipt(client, courier)
    courier.answer = Answer(result=ReceiptView(status="pending").model_dump_json())
    other = {"Authorization": f"Bearer {sign_token('kepala.dinkes')}"}

    assert (await anonymous.get(location, headers=other)).status_code == 404
    assert (await client.get(location)).status_code == 200


@pytest.mark.parametrize("forged", ["x", "a.b.c", "é", "x" * 999])
async def test_a_forged_receipt_does_not_exist(client, forged):
    answer = await client.get(f"/v1/receipts/{forged}")

    assert answer.status_code == 404


async def test_an_access_token_is_no_receipt(client, sign_token):
    answer = await client.get(f"/v1/receipts/{sign_token()}")

    assert answer.status_code == 404


async def test_readiness_follows_the_bus(anonymous, courier):
    assert (await anonymous.get("/health/ready")).status_code == 200

    courier.alive = Unavailable("away")

    assert (await anonymous.get("/health/ready")).status_code == 503
    assert (await anonymous.get("/health/live")).status_code == 200


async def test_figures_are_for_the_machine_itself(anonymous):
    here = await anonymous.get("/metrics")
    forwarded = await anonymous.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"})

    assert "sambatan_http_request_seconds" in here.text
    assert forwarded.status_code == 404


async def test_the_page_of_the_api_loads_nothing_from_elsewhere(anonymous):
    page = await anonymous.get("/docs")

    assert page.status_code == 200
    assert "https://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
