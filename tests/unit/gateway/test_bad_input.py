"""What callers may send wrongly, and the documented 4xx that each of it meets."""

import json

import pytest

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b'{"direction": NaN}',
        b'{"direction": Infinity}',
        b'{"direction": -Infinity}',
        b'{"direction": 1e999}',
        b'{"direction": "\xff\xfe"}',
        b'{"direction": "\\ud800"}',
        b"[" * 5_000,
        b'{"direction": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_what_is_no_json_is_malformed(client, body):
    answer = await client.post("/v1/check-ins", content=body, headers=JSON)

    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"malformed", "validation_failed"}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_nul_character_is_pointed_at(client):
    body = json.dumps({"direction": "in", "position": {"lat": "a\0b"}})

    answer = await client.post("/v1/check-ins", content=body, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/position/lat"


async def test_a_nul_in_the_query_is_malformed(client):
    answer = await client.get("/v1/me?q=%00")

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"


async def test_a_text_that_merely_mentions_nan_is_no_problem(client, courier):
    courier.accepts()

    answer = await client.post(
        "/v1/check-ins", json={"direction": "in", "duty_note": "Rapat NaN dan Infinity"}
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "multipart/form-data"])
async def test_another_content_type_is_415(client, kind):
    answer = await client.post(
        "/v1/check-ins", content=b'{"direction":"in"}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 415
    assert answer.json()["allowed"] == "application/json"


async def test_a_body_over_a_mebibyte_is_413(client):
    answer = await client.post("/v1/check-ins", content=b" " * (1024 * 1024 + 1), headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["limit_bytes"] == 1024 * 1024


async def test_a_body_that_grows_piece_by_piece_is_cut_off(client):
    sent = 0

    async def pieces():
        nonlocal sent
        for _ in range(1_000):
            sent += 65_536
            yield b" " * 65_536

    answer = await client.post("/v1/check-ins", content=pieces(), headers=JSON)

    assert answer.status_code == 413


async def test_errors_name_the_field_in_the_caller_s_language(client):
    body = {"direction": "sideways", "position": {"lat": 91, "lon": 0, "accuracy_m": 1}}

    indonesian = await client.post("/v1/check-ins", json=body)
    english = await client.post("/v1/check-ins", json=body, headers={"Accept-Language": "en"})

    told = {error["pointer"]: error["detail"] for error in english.json()["errors"]}
    assert told["/direction"] == "must be one of 'in' or 'out'"
    assert told["/position/lat"].startswith("must be at most 90")
    assert indonesian.json()["title"] == "Isian tidak sah"


async def test_an_unknown_field_is_refused(client):
    answer = await client.post("/v1/check-ins", json={"direction": "in", "employee": "x"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/employee", "detail": "tidak dikenal"}]


async def test_an_unknown_path_is_a_problem(client):
    answer = await client.get("/v1/nothing-here")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_a_wrong_method_tells_the_right_ones(client):
    answer = await client.put("/v1/session", json={})

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "DELETE, POST"


async def test_a_bug_tells_nothing_of_itself(client, courier):
    courier.answer = KeyError("secret detail")

    answer = await client.get("/v1/me")

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["instance"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("abc-1.2_3", True), ("a" * 129, False), ("white space", False), ("<script>", False)],
)
async def test_a_request_id_is_taken_when_it_is_harmless(client, asked, kept):
    answer = await client.get("/v1/me", headers={"X-Request-Id": asked})

    assert (answer.headers["x-request-id"] == asked) is kept
