"""How commands and queries of a caller become messages, and verdicts become HTTP answers."""

import pytest

from contracts.envelope import Answer
from contracts.outcome import Problem
from kit.messaging.client import Unavailable

CHECK_IN = {"direction": "in", "position": {"lat": -7.569, "lon": 110.829, "accuracy_m": 12}}


async def test_an_accepted_command_answers_with_its_result_as_it_came(client, courier):
    courier.accepts('{"id":"x","late_minutes":3}', written="day@4", version=7)

    answer = await client.post("/v1/check-ins", json=CHECK_IN)

    assert answer.status_code == 201
    assert answer.text == '{"id":"x","late_minutes":3}'
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["x-written"] == "day@4"


async def test_the_command_carries_who_asks_and_when_and_what_was_sent(client, courier):
    courier.accepts()

    await client.post("/v1/check-ins", json=CHECK_IN, headers={"X-Request-Id": "abc-1"})

    (command,) = courier.commands
    assert command.name == "attendance.record_check_in"
    assert command.actor.account == "pegawai.dinkes"
    assert command.actor.grants[0].scope == "DINKES"
    assert command.correlation_id == "abc-1"
    assert command.received_at.tzinfo is not None
    assert len(command.body_hash) == 64


async def test_the_same_key_of_the_same_account_is_the_same_command(client, courier):
    courier.accepts()
    headers = {"Idempotency-Key": "kunci"}

    for _ in range(2):
        await client.post("/v1/check-ins", json=CHECK_IN, headers=headers)

    first, second = courier.commands
    assert first.id == second.id
    assert first.body_hash == second.body_hash


async def test_the_same_key_of_another_account_is_another_command(client, courier, sign_token):
    courier.accepts()
    headers = {"Idempotency-Key": "kunci"}
    other = headers | {"Authorization": f"Bearer {sign_token('kepala.dinkes')}"}

    await client.post("/v1/check-ins", json=CHECK_IN, headers=headers)
    await client.post("/v1/check-ins", json=CHECK_IN, headers=other)

    first, second = courier.commands
    assert first.id != second.id


async def test_another_body_under_the_same_key_has_another_hash(client, courier):
    courier.accepts()
    headers = {"Idempotency-Key": "kunci"}

    await client.post("/v1/check-ins", json=CHECK_IN, headers=headers)
    await client.post("/v1/check-ins", json=CHECK_IN | {"direction": "out"}, headers=headers)

    first, second = courier.commands
    assert first.id == second.id
    assert first.body_hash != second.body_hash


async def test_commands_without_a_key_are_each_their_own(client, courier):
    courier.accepts()

    for _ in range(2):
        await client.post("/v1/check-ins", json=CHECK_IN)

    first, second = courier.commands
    assert first.id != second.id


@pytest.mark.parametrize("key", ["", "k" * 201, "tab\tinside"])
async def test_an_unusable_key_is_refused(client, key):
    answer = await client.post(
        "/v1/check-ins", json=CHECK_IN, headers={"Idempotency-Key": key.encode()}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"


async def test_a_refusal_becomes_a_problem_with_its_facts(client, courier):
    courier.refuses("already_checked_in", at="2026-11-24T07:12:00+07:00", office="BALAIKOTA")

    answer = await client.post("/v1/check-ins", json=CHECK_IN, headers={"Accept-Language": "en"})

    told = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["code"] == "already_checked_in"
    assert told["office"] == "BALAIKOTA"
    assert told["detail"] == (
        "The same check-in was recorded at 2026-11-24T07:12:00+07:00 in BALAIKOTA."
    )


async def test_a_command_without_a_verdict_yet_answers_with_a_receipt(client, courier):
    courier.verdict = None

    answer = await client.post("/v1/check-ins", json=CHECK_IN)

    told = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/receipts/{told['id']}"
    assert told["status"] == "pending"
    assert told["received_at"]


async def test_a_command_that_may_not_be_stored_is_503_with_the_time_to_wait(client, courier):
    courier.verdict = Unavailable("away", retry_after_s=5)

    answer = await client.post("/v1/check-ins", json=CHECK_IN)

    assert answer.status_code == 503
    assert answer.json()["code"] == "service_unavailable"
    assert answer.headers["retry-after"] == "5"


async def test_a_query_tells_version_and_lag(client, courier):
    courier.answer = Answer(result='{"account":"x"}', version=3, behind=True)

    answer = await client.get("/v1/me", headers={"X-Written": "day-1@12"})

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["x-behind"] == "true"
    assert courier.queries[0].after == "day-1@12"


async def test_a_query_that_finds_nothing_is_a_problem(client, courier):
    courier.answer = Answer(status=404, problem=Problem(code="not_found"))

    answer = await client.get("/v1/me")

    assert answer.status_code == 404
    assert answer.json()["title"] == "Tidak ditemukan"


async def test_a_query_without_an_answer_in_time_is_503(client, courier):
    courier.answer = Unavailable("late", retry_after_s=2)

    answer = await client.get("/v1/me")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


async def test_what_people_see_of_each_other_is_not_kept_by_caches(client, courier):
    answer = await client.get("/v1/me")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
