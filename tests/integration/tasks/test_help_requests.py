"""Help requests over the real gateway, broker and database."""

import asyncio

import pytest

from kit.clock import now
from kit.storage.store import Store
from services.tasks.app import tasks_of
from services.tasks.help_requests.timers import ring
from tests.integration.tasks.conftest import HELPERS, in_days, wanted
from tests.waiting import eventually


async def test_a_request_lives_from_asking_to_thanks(ask, request_help):
    made = await request_help()
    id_ = made["id"]
    assert made["state"] == "requested"
    assert made["number"].startswith("SBT/")
    assert made["actions"] == ["withdraw", "edit", "comment", "attach"]

    accepted = await ask.help(id_, "accept", "kepala.helper", people=["ani", "budi"])
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["helping_agency"] == "HELPER"
    assert [person["name"] for person in accepted.json()["people_assigned"]] == ["Ani", "Budi"]
    assert accepted.headers["X-Written"] == f"{id_}@2"
    assert accepted.headers["ETag"] == '"2"'

    for action, by, body in (
        ("ask", "kepala.helper", {"question": "Ruang mana?"}),
        ("answer", "kepala.asker", {"text": "Aula"}),
        ("start", "ani", {}),
        ("log", "ani", {"minutes": 90, "note": "Kabel"}),
        ("deliver", "budi", {"summary": "Selesai", "links": ["https://example.org/hasil"]}),
        ("return", "kepala.asker", {"reason": "Satu meja belum"}),
        ("deliver", "ani", {"summary": "Selesai semua"}),
        ("confirm", "kepala.asker", {"rating": 5, "thanks": "Matur nuwun"}),
    ):
        answer = await ask.help(id_, action, by, **body)
        assert answer.status_code == 200, (action, answer.text)
    shown = (await ask("GET", f"/help-requests/{id_}", "kepala.helper")).json()
    assert (shown["state"], shown["rating"], shown["worked_minutes"]) == ("confirmed", 5, 90)
    assert shown["actions"] == []

    lines = (await ask("GET", f"/help-requests/{id_}/timeline", "ani")).json()["items"]
    assert [line["action"] for line in lines] == [
        "request", "accept", "ask", "answer", "start", "log", "deliver", "return", "deliver",
        "confirm",
    ]  # fmt: skip
    assert lines[4]["actor"]["name"] == "Ani"
    assert lines[1]["explanation"][-1]["rule"] == "response_minutes"


async def test_the_same_key_answers_the_same_and_another_body_is_refused(ask, store):
    headers = {"Idempotency-Key": "the-same-request"}
    body = wanted()

    twice = await asyncio.gather(
        *(
            ask("POST", "/help-requests", "kepala.asker", json=body, headers=headers)
            for _ in range(5)
        )
    )
    other = await ask(
        "POST", "/help-requests", "kepala.asker", json=wanted(people=3), headers=headers
    )

    assert {answer.status_code for answer in twice} == {201}
    assert len({answer.text for answer in twice}) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    found = await store.collection("help_requests").count_documents(
        {"number": twice[0].json()["number"]}
    )
    assert found == 1


async def test_an_action_repeated_with_its_key_is_done_once(ask, request_help):
    id_ = (await request_help())["id"]
    path, headers = f"/help-requests/{id_}/accept", {"Idempotency-Key": "accept-once"}

    first = await ask("POST", path, "kepala.helper", json={"people": ["ani"]}, headers=headers)
    again = await ask("POST", path, "kepala.helper", json={"people": ["ani"]}, headers=headers)
    fresh = await ask("POST", path, "kepala.helper", json={"people": ["ani"]})

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.text == again.text
    assert (fresh.status_code, fresh.json()["code"]) == (409, "wrong_state")


async def test_numbers_are_given_once_each(ask, store):
    answers = await asyncio.gather(
        *(ask("POST", "/help-requests", "kepala.asker", json=wanted()) for _ in range(40))
    )

    numbers = [answer.json()["number"] for answer in answers]
    assert len(set(numbers)) == 40


async def test_of_fifty_who_accept_at_once_one_wins_and_the_others_learn_who(ask, request_help):
    id_ = (await request_help("anyone"))["id"]

    answers = await asyncio.gather(
        *(
            ask(
                "POST",
                f"/help-requests/{id_}/accept",
                f"kepala.{agency.lower()}",
                json={"people": [person]},
                grants=(("head", agency),),
            )
            for agency, person in HELPERS.items()
        )
    )

    won = [answer for answer in answers if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 49)
    winner = won[0].json()["helping_agency"]
    for answer in lost:
        problem = answer.json()
        assert problem["code"] == "wrong_state"
        assert problem["state"] == "accepted"
        assert problem["helping_agency"] == winner
    shown = (await ask("GET", f"/help-requests/{id_}", "auditor")).json()
    assert shown["helping_agency"] == winner
    assert shown["version"] == 2


@pytest.mark.parametrize(
    "case",
    [
        ("accept", "kepala.other", {"people": ["eko"]}, 404, "not_found"),
        ("accept", "kepala.asker", {"people": ["dewi"]}, 403, "not_the_receiving_agency"),
        ("accept", "auditor", {"people": ["ani"]}, 403, "not_the_receiving_agency"),
        ("accept", "ani", {"people": ["ani"]}, 404, "not_found"),
        ("withdraw", "kepala.helper", {"reason": "x"}, 403, "not_the_asking_agency"),
        ("start", "kepala.helper", {}, 409, "wrong_state"),
        ("accept", "kepala.helper", {"people": ["eko"]}, 422, "unknown_employee"),
        ("accept", "kepala.helper", {"people": []}, 422, "validation_failed"),
        ("accept", "kepala.helper", {}, 422, "validation_failed"),
        ("decline", "kepala.helper", {}, 422, "reason_required"),
        ("decline", "kepala.helper", {"reason": " "}, 422, "reason_required"),
        ("ask", "kepala.helper", {"question": "a\x00b"}, 422, "validation_failed"),
        ("hand-on", "kepala.helper", {"to": "NOWHERE", "reason": "x"}, 422, "validation_failed"),
        ("confirm", "kepala.asker", {"rating": 6}, 422, "validation_failed"),
        ("confirm", "kepala.asker", {"rating": 4}, 409, "wrong_state"),
    ],
)
async def test_refusals(ask, request_help, case):
    action, by, body, status, code = case
    id_ = (await request_help())["id"]

    answer = await ask.help(id_, action, by, **body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code == "wrong_state":
        assert answer.json()["state"] == "requested"
        assert answer.json()["action"] == action
        assert "requested" not in answer.json()["allowed"]


@pytest.mark.parametrize("id_", ["0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a11", "nothing", "%00", "🙏"])
async def test_what_does_not_exist_is_not_found(ask, id_):
    for answer in (
        await ask("GET", f"/help-requests/{id_}", "admin"),
        await ask("GET", f"/help-requests/{id_}/timeline", "admin"),
        await ask("GET", f"/help-requests/{id_}/assignment.pdf", "admin"),
        await ask.help(id_, "start", "kepala.helper"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_version_that_was_said_is_honoured(ask, request_help):
    id_ = (await request_help())["id"]
    path = f"/help-requests/{id_}/decline"

    stale = await ask(
        "POST", path, "kepala.helper", json={"reason": "Penuh"}, headers={"If-Match": '"7"'}
    )
    fresh = await ask(
        "POST", path, "kepala.helper", json={"reason": "Penuh"}, headers={"If-Match": '"1"'}
    )

    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert stale.json()["version"] == 1
    assert fresh.status_code == 200


async def test_of_two_who_edit_the_second_is_told_the_difference(ask, request_help):
    made = await request_help()
    path, seen = f"/help-requests/{made['id']}", {"If-Match": '"1"'}

    first, second = await asyncio.gather(
        *(
            ask("PATCH", path, "kepala.asker", json={"people": people}, headers=seen)
            for people in (3, 4)
        )
    )
    without = await ask("PATCH", path, "kepala.asker", json={"people": 3})
    other_side = await ask("PATCH", path, "kepala.helper", json={"people": 3}, headers=seen)
    won, lost = sorted((first, second), key=lambda answer: answer.status_code)

    assert (won.status_code, won.headers["ETag"]) == (200, '"2"')
    assert (lost.status_code, lost.json()["code"]) == (412, "version_conflict")
    assert lost.json()["version"] == 2
    (change,) = lost.json()["changes"]
    assert (change["action"], change["agency"], change["fields"]) == ("edit", "ASKER", ["people"])
    assert (without.status_code, without.json()["code"]) == (428, "version_required")
    assert (other_side.status_code, other_side.json()["code"]) == (403, "not_the_asking_agency")
    lines = (await ask("GET", f"{path}/timeline", "kepala.helper")).json()["items"]
    people = won.json()["people"]
    assert lines[-1]["changes"] == [{"field": "people", "before": 2, "after": people}]


async def test_who_heads_several_agencies_says_which(ask, request_help):
    two = (("head", "ASKER"), ("head", "OTHER"))

    vague = await ask("POST", "/help-requests", "plt", json=wanted(), grants=two)
    said = await ask(
        "POST", "/help-requests", "plt", json=wanted(asking_agency="OTHER"), grants=two
    )
    made = await request_help(["HELPER", "SECOND"])
    above = await ask.help(made["id"], "accept", "kepala.setda", people=["citra"])
    for_one = await ask.help(
        made["id"], "accept", "kepala.setda", people=["citra"], agency="SECOND"
    )

    assert (vague.status_code, vague.json()["errors"][0]["pointer"]) == (422, "/asking_agency")
    assert said.json()["asking_agency"] == "OTHER"
    assert (above.status_code, above.json()["errors"][0]["pointer"]) == (422, "/agency")
    assert for_one.json()["helping_agency"] == "SECOND"


async def test_only_heads_ask(ask):
    for by in ("ani", "admin", "auditor", "loader"):
        answer = await ask("POST", "/help-requests", by, json=wanted())
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_lists_show_what_concerns_the_caller_and_page_without_gaps(ask, request_help):
    tag = "kuitansi"
    ids = [
        (await request_help(["SECOND"], title=f"Cetak {tag} nomor {place}"))["id"]
        for place in range(5)
    ]

    async def listed(by, **params):
        answer = await ask("GET", "/help-requests", by, params={"q": "cetak kuit", **params})
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert [item["id"] for item in (await listed("kepala.asker"))["items"]] == ids[::-1]
    assert (await listed("kepala.helper"))["items"] == []
    assert (await listed("ani"))["items"] == []
    assert len((await listed("kepala.setda"))["items"]) == 5
    seen, cursor = [], None
    while True:
        page = await listed(
            "auditor", limit=2, sort="number", **({"cursor": cursor} if cursor else {})
        )
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids

    await ask.help(ids[0], "accept", "kepala.second", people=["citra"])
    assert len((await listed("auditor", state=["accepted", "declined"]))["items"]) == 1
    assert len((await listed("auditor", receiving_agency="SETDA"))["items"]) == 5
    assert (await listed("auditor", receiving_agency="SETDA", exact=True))["items"] == []
    assert (await listed("auditor", asking_agency="OTHER"))["items"] == []
    assert len((await listed("auditor", assigned="citra"))["items"]) == 1
    assert len((await listed("auditor", skill="basis data"))["items"]) == 5
    assert (await listed("auditor", skill="las"))["items"] == []
    bad = await ask("GET", "/help-requests", "auditor", params={"sort": "title"})
    assert (bad.status_code, bad.json()["code"]) == (422, "validation_failed")


async def test_open_calls_are_found_by_every_head(ask, request_help):
    id_ = (await request_help("anyone", title="Siapa saja zebra"))["id"]

    async def found(by):
        params = {"receiving_agency": "anyone", "q": "zebra"}
        answer = await ask("GET", "/help-requests", by, params=params)
        return [item["id"] for item in answer.json()["items"]]

    assert await found("kepala.other") == [id_]
    assert await found("ani") == []


async def test_an_open_call_to_an_area_is_known_there_only(ask, request_help):
    made = await request_help("anyone", area=["SETDA"], title="Siapa di sekretariat kanguru")

    async def found(by):
        answer = await ask("GET", "/help-requests", by, params={"q": "kanguru"})
        return [item["id"] for item in answer.json()["items"]]

    assert await found("kepala.second") == [made["id"]]
    assert await found("kepala.other") == []
    outside = await ask.help(made["id"], "accept", "kepala.other", people=["eko"])
    assert (outside.status_code, outside.json()["code"]) == (404, "not_found")


async def test_several_agencies_share_the_work(ask, heard, request_help):
    made = await request_help(["HELPER", "SECOND", "OTHER"], mode="parts")
    id_ = made["id"]

    first, second = await asyncio.gather(
        ask.help(id_, "accept", "kepala.helper", people=["ani"]),
        ask.help(id_, "accept", "kepala.second", people=["citra"]),
    )
    late = await ask.help(id_, "accept", "kepala.other", people=["eko"])
    record = await ask("GET", f"/help-requests/{id_}/assignment.pdf?agency=SECOND", "kepala.second")
    started = await ask.help(id_, "start", "ani")
    half = await ask.help(id_, "deliver", "citra", summary="Bagian kami")
    whole = await ask.help(id_, "deliver", "ani", summary="Bagian kami juga")

    assert (first.status_code, second.status_code) == (200, 200)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert record.content.startswith(b"%PDF-")
    assert started.status_code == 200
    assert half.json()["state"] == "in_progress"
    assert whole.json()["state"] == "delivered"
    assert {part["agency"] for part in whole.json()["parts"]} == {"HELPER", "SECOND"}
    events = await heard(id_, 6)
    assert [event["type"].split(".")[2] for event in events] == [
        "requested", "accepted", "accepted", "started", "part_delivered", "delivered",
    ]  # fmt: skip


async def test_a_responder_accepts_until_a_rule_asks_the_head(ask, heard, request_help):
    alone = await request_help(["OTHER"])
    accepted = await ask.help(alone["id"], "accept", "petugas.other", people=["eko"])
    rule = {"effective_from": "2026-01-01", "people_over": 0}
    path = "/agencies/OTHER/acceptance-rules"

    refused = await ask("POST", path, "petugas.other", json=rule)
    entered = await ask("POST", path, "kepala.other", json=rule)
    made = await request_help(["OTHER"])
    waits = await ask.help(made["id"], "accept", "petugas.other", people=["eko"])
    asker = (await ask("GET", f"/help-requests/{made['id']}", "kepala.asker")).json()
    own = await ask.help(made["id"], "approve", "petugas.other")
    approved = await ask.help(made["id"], "approve", "kepala.other")

    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert refused.status_code == 403
    assert (entered.status_code, entered.json()["id"]) == (201, "OTHER-ar1")
    assert (waits.status_code, waits.json()["state"]) == (200, "requested")
    assert waits.json()["awaiting_approval"][0]["people"][0]["name"] == "Eko"
    assert asker["awaiting_approval"] == []
    assert (own.status_code, own.json()["code"]) == (403, "not_the_receiving_agency")
    assert (approved.status_code, approved.json()["state"]) == (200, "accepted")
    types = [event["type"].split(".")[2] for event in await heard(made["id"], 3)]
    assert types == ["requested", "acceptance_proposed", "accepted"]
    ruling = await ask("GET", path, "ani", params={"on": "2026-11-24"})
    assert [item["people_over"] for item in ruling.json()["items"]] == [0]
    lifted = {"effective_from": "2026-01-01"}
    assert (await ask("POST", path, "kepala.other", json=lifted)).status_code == 201
    newest = (await ask("GET", path, "ani")).json()["items"]
    assert [item["id"] for item in newest] == ["OTHER-ar2", "OTHER-ar1"]


async def test_the_assignment_record_is_a_pdf_for_those_whom_it_concerns(ask, request_help):
    id_ = (await request_help())["id"]
    path = f"/help-requests/{id_}/assignment.pdf"
    early = await ask("GET", path, "kepala.helper")
    await ask.help(id_, "accept", "kepala.helper", people=["ani"])

    record = await ask("GET", path, "ani")
    hidden = await ask("GET", path, "kepala.other")

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert record.status_code == 200
    assert record.headers["Content-Type"] == "application/pdf"
    assert record.content.startswith(b"%PDF-")
    assert hidden.status_code == 404


async def test_events_leave_in_order_with_the_facts(ask, heard, request_help):
    id_ = (await request_help(["HELPER", "SECOND"]))["id"]
    await ask.help(id_, "decline", "kepala.helper", reason="Rahasia dapur")
    await ask.help(id_, "accept", "kepala.second", people=["citra"])

    requested, declined, accepted = await heard(id_, 3)

    assert [event["sequence"] for event in (requested, declined, accepted)] == [1, 2, 3]
    assert [event["type"] for event in (requested, declined, accepted)] == [
        "tasks.help_request.requested.v1",
        "tasks.help_request.declined.v1",
        "tasks.help_request.accepted.v1",
    ]
    assert declined["data"]["responding_agency"] == "HELPER"
    assert declined["data"]["state"] == "requested"
    assert declined["data"]["response_minutes"] is not None
    assert accepted["data"]["people_assigned"] == ["citra"]
    assert accepted["data"]["responding_agency"] == "SECOND"
    assert {event["agency"] for event in (requested, declined, accepted)} == {"ASKER"}
    assert "Rahasia" not in str((requested, declined, accepted))


async def test_a_timer_that_rings_in_three_places_rings_once(store, settings, heard, request_help):
    id_ = (await request_help(due=in_days(2 / 86_400)))["id"]
    stores = [Store("tasks", settings) for _ in range(2)]  # the running service is the third
    replicas = [tasks_of(each, settings) for each in stores]

    async def ring_it(replica):
        stored = await eventually(lambda: _rung(replica, id_), within_s=20)
        await ring(stored, replica, now())
        await ring(stored, replica, now())

    await asyncio.gather(*(ring_it(replica) for replica in replicas))
    for each in stores:
        await each.close()

    events = await heard(id_, 2)
    assert [event["type"].split(".")[2] for event in events] == ["requested", "expired"]
    document = await store.collection("help_requests").find_one({"_id": id_})
    assert document["sequence"] == 2


async def _rung(replica, id_):
    stored = await replica.requests.get(id_)
    return stored if stored.state.rings_at is None or stored.state.rings_at <= now() else None


async def test_due_requests_expire_once(ask, store, request_help):
    id_ = (await request_help(due=in_days(3 / 86_400)))["id"]

    async def expired():
        shown = (await ask("GET", f"/help-requests/{id_}", "auditor")).json()
        return shown if shown["state"] == "expired" else None

    shown = await eventually(expired, within_s=20)
    lines = (await ask("GET", f"/help-requests/{id_}/timeline", "auditor")).json()["items"]
    late = await ask.help(id_, "accept", "kepala.helper", people=["ani"])

    assert [line["action"] for line in lines] == ["request", "expire"]
    assert lines[1]["at"] == shown["due"]
    assert (late.status_code, late.json()["state"]) == (409, "expired")
