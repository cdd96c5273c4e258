"""The inbox over the real gateway, broker and database."""

import asyncio

import pytest

from contracts.corrections import CorrectionDecided, CorrectionRequested
from contracts.directory import AccountChanged
from contracts.envelope import Grant
from contracts.periods import PeriodClosed
from kit.clock import now
from services.tasks.notifications.model import KEPT
from tests.unit.tasks.builders import a_person
from tests.waiting import eventually

HEADS = {"dewi": "ASKER", "hari": "HELPER", "sri": "SETDA"}
GRANTS = {
    **{person: (("head", agency),) for person, agency in HEADS.items()},
    "ani": (("employee", "HELPER"),),
}


@pytest.fixture(scope="module", autouse=True)
async def heads(announce, city):
    """Three heads who are people, and an employee, with their accounts."""
    await asyncio.gather(
        *(announce(a_person(who, at), "employees", who) for who, at in HEADS.items()),
        *(
            announce(
                AccountChanged(
                    account=who,
                    employee=who,
                    active=True,
                    grants=tuple(Grant(role=role, scope=scope) for role, scope in grants),
                ),
                "accounts",
                who,
            )
            for who, grants in GRANTS.items()
        ),
    )


@pytest.fixture
def call(ask):
    """Call the gateway as one of these people."""

    async def call(method, path, by, **more):
        headers = ask.person_headers(by, GRANTS[by]) | more.pop("headers", {})
        return await ask.http.request(method, f"/v1{path}", headers=headers, **more)

    return call


@pytest.fixture
def inbox_of(call):
    """What a person is told about something: ``await inbox_of("ani", id)`` waits for it."""

    async def about(person, subject, *, kinds=1):
        async def told():
            page = (await call("GET", "/notifications?limit=200", person)).json()
            found = [one for one in page["items"] if one["link"]["id"] == subject]
            return found if len(found) >= kinds else None

        return await eventually(told)

    return about


async def test_a_request_is_told_to_its_sides_in_words_and_not_to_who_asked(
    call, request_help, inbox_of, ask
):
    made = await request_help(by="kepala.asker")
    id_ = made["id"]
    await ask.help(id_, "accept", "kepala.helper", people=["ani"])

    async def both():
        told = await inbox_of("hari", id_)
        return told if len(told) == 2 else None

    promised, asked = await eventually(both)
    (assigned,) = await inbox_of("ani", id_)
    (accepted,) = await inbox_of("dewi", id_)
    assert (promised["kind"], asked["kind"]) == ("help_promised", "help_asked")
    title = made["title"]
    assert asked["text"] == f"Dinas ASKER asks for help: {made['number']} “{title}”."
    assert assigned["kind"] == "help_assigned"
    assert (accepted["kind"], accepted["link"]["resource"]) == ("help_accepted", "help_request")
    indonesian = await call("GET", "/notifications", "hari", headers={"Accept-Language": "id"})
    assert f"Dinas ASKER meminta bantuan: {made['number']}" in indonesian.text


async def test_a_sensitive_request_stays_with_the_heads_of_exactly_its_agencies(
    call, request_help, inbox_of
):
    open_one = await request_help(("SECOND",))  # which has no head: the one above is told
    secret = await request_help(("SECOND",), sensitive=True)
    marker = await request_help(("SETDA",))

    await inbox_of("sri", open_one["id"])
    await inbox_of("sri", marker["id"])
    told = (await call("GET", "/notifications?limit=200", "sri")).json()["items"]
    assert secret["id"] not in {one["link"]["id"] for one in told}


async def test_reading_by_ids_and_up_to_a_moment(call, request_help, inbox_of):
    first, second, third = [(await request_help())["id"] for _ in range(3)]
    told = [(await inbox_of("hari", each))[0] for each in (first, second, third)]
    key = {"Idempotency-Key": f"read-{first}"}
    body = {"ids": [told[0]["id"]]}

    answers = [
        await call("POST", "/notifications/read", "hari", json=body, headers=key) for _ in range(2)
    ]
    other = await call("POST", "/notifications/read", "ani", json={"ids": [told[1]["id"]]})

    assert {answer.status_code for answer in (*answers, other)} == {200}
    assert answers[0].text == answers[1].text
    assert [one["read"] for each in (first, second) for one in await inbox_of("hari", each)] == [
        True,
        False,
    ]
    everything = {"until": now().isoformat()}
    assert (await call("POST", "/notifications/read", "hari", json=everything)).status_code == 200
    left = (await call("GET", "/notifications?unread=true", "hari")).json()
    assert (left["items"], left["unread"]) == ([], 0)
    again = (await inbox_of("hari", first))[0]
    assert again["read"]


async def test_a_redelivered_event_tells_once(announce, store, inbox_of):
    decided = CorrectionDecided.example().model_copy(
        update={"employee": "ani", "correction": "correction-redelivered", "agency": "HELPER"}
    )
    raised = {"subject": "correction-redelivered"}

    await announce(decided, "notifications", None, id_="1" * 36, wait=False)
    await inbox_of("ani", "correction-redelivered")
    await announce(decided, "notifications", None, id_="1" * 36, wait=False)
    requested = CorrectionRequested.example().model_copy(
        update={"employee": "ani", "correction": "correction-marker", "agency": "HELPER"}
    )
    await announce(requested, "notifications", None, wait=False)
    (waiting,) = await inbox_of("hari", "correction-marker")

    assert await store.collection("notifications").count_documents(raised) == 1
    assert waiting["text"] == "Correction of Ani for 23 November 2026 waits for your decision."


async def test_choices_decide_what_is_told_and_need_the_version_that_was_seen(
    call, request_help, inbox_of, store, announce
):
    shown = await call("GET", "/me/notification-preferences", "dewi")
    assert (shown.json()["version"], shown.headers["ETag"]) == (0, '"0"')
    assert all(item["default"] for item in shown.json()["items"])
    body = {"items": [{"kind": "help_declined", "inbox": False, "email": False}]}
    path = "/me/notification-preferences"

    blind = await call("PUT", path, "dewi", json=body)
    saved = await call("PUT", path, "dewi", json=body, headers={"If-Match": '"0"'})
    stale = await call("PUT", path, "dewi", json=body, headers={"If-Match": '"0"'})
    wrong = await call(
        "PUT", path, "dewi", json={"items": [{"kind": "gossip"}]}, headers={"If-Match": '"1"'}
    )

    codes = [answer.status_code for answer in (blind, saved, stale, wrong)]
    assert codes == [428, 200, 412, 422]
    assert "help_asked" in wrong.json()["errors"][0]["detail"]
    for made, action in (
        (await request_help(), {"action": "decline", "reason": "Penuh"}),
        (await request_help(), {"action": "ask", "question": "Kapan?"}),
    ):
        verb = action.pop("action")
        answer = await call("POST", f"/help-requests/{made['id']}/{verb}", "hari", json=action)
        assert answer.status_code == 200, answer.text
        last = made["id"]
    await inbox_of("dewi", last)
    kinds = {one["kind"] for one in (await call("GET", "/notifications", "dewi")).json()["items"]}
    assert "help_declined" not in kinds


async def test_what_is_old_expires_and_accounts_without_a_person_have_no_inbox(ask, store):
    stored = await store.collection("notifications").find_one({})
    indexes = await store.collection("notifications").index_names()

    assert stored["expires_at"] == stored["at"] + KEPT
    assert "expires_at_1" in indexes
    assert (await ask("GET", "/notifications", "admin")).status_code == 403


async def test_a_task_and_a_mention_reach_those_they_wait_for(call, inbox_of, announce):
    body = {"title": "Rapikan arsip", "agency": "HELPER", "assignees": ["ani"]}
    made = await call("POST", "/tasks", "hari", json=body)
    assert made.status_code == 201, made.text
    id_ = made.json()["id"]
    said = await call(
        "POST", f"/tasks/{id_}/comments", "ani", json={"text": "Sudah?", "mentions": ["hari"]}
    )
    assert said.is_success, said.text

    (given,) = await inbox_of("ani", id_)
    (mention,) = await inbox_of("hari", id_)

    assert given["text"] == "A task for you in Dinas HELPER: “Rapikan arsip”."
    assert given["link"] == {"resource": "task", "id": id_}
    assert mention["text"] == "Ani mentions you in the task “Rapikan arsip”."


async def test_a_closed_month_is_told_to_everybody_of_the_agency(announce, inbox_of):
    closed = PeriodClosed.example().model_copy(update={"agency": "HELPER", "period": "2026-10"})

    await announce(closed, "notifications", None, wait=False)

    for person in ("ani", "hari"):
        (told,) = await inbox_of(person, "HELPER:2026-10")
        assert told["text"].startswith("The month October 2026 of Dinas HELPER is closed")
