"""Recorded help requests over the real gateway, broker and database."""

from datetime import timedelta

from kit.clock import now
from tests.integration.tasks.conftest import wanted
from tests.waiting import eventually


def recorded(*steps, ago_days=40, due_after_days=5, **other):
    begun = now() - timedelta(days=ago_days)
    item = wanted() | {
        "asking_agency": "ASKER",
        "requested_at": begun.isoformat(),
        "due": (begun + timedelta(days=due_after_days)).isoformat(),
        "steps": [
            {"action": action, "at": (begun + timedelta(minutes=after)).isoformat(), **more}
            for action, after, more in steps
        ],
    }
    return item | other


HELPED = (
    ("accept", 30, {"people": ["ani"]}),
    ("start", 40, {}),
    ("deliver", 90, {"summary": "Selesai"}),
    ("confirm", 120, {"rating": 4}),
)


async def test_each_item_has_its_own_fate(ask):
    items = [
        recorded(*HELPED),
        recorded(("decline", 20, {"reason": "Penuh"})),
        recorded(("start", 20, {})),
        recorded(("accept", 20, {"people": ["eko"]})),
        recorded(("confirm", 20, {"rating": 5})),
    ]

    answer = await ask("POST", "/imports/help-requests", "loader", json={"items": items})

    assert answer.status_code == 200, answer.text
    told = answer.json()["items"]
    assert [item["status"] for item in told] == ["accepted"] * 2 + ["refused"] * 3
    assert told[0]["result"]["state"] == "confirmed"
    assert told[0]["result"]["imported"] is True
    assert told[1]["result"]["state"] == "declined"
    assert [item["problem"]["code"] for item in told[2:]] == [
        "wrong_state", "unknown_employee", "wrong_state",
    ]  # fmt: skip


async def test_the_same_import_again_brings_nothing_new(ask, store):
    body = {"items": [recorded(*HELPED, title="Impor sekali") for _ in range(3)]}
    headers = {"Idempotency-Key": "import-1"}

    first = await ask("POST", "/imports/help-requests", "loader", json=body, headers=headers)
    again = await ask("POST", "/imports/help-requests", "loader", json=body, headers=headers)

    assert first.text == again.text
    count = await store.collection("help_requests").count_documents({"title": "Impor sekali"})
    assert count == 3


async def test_only_the_loader_imports(ask):
    body = {"items": [recorded(*HELPED)]}
    for by in ("admin", "kepala.asker", "ani"):
        answer = await ask("POST", "/imports/help-requests", by, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_number_belongs_to_one_request(ask):
    body = {"items": [recorded(number="800/1/2026")]}

    first = await ask("POST", "/imports/help-requests", "loader", json=body)
    second = await ask("POST", "/imports/help-requests", "loader", json=body)

    assert first.json()["items"][0]["result"]["number"] == "800/1/2026"
    assert second.json()["items"][0]["problem"]["errors"][0]["pointer"] == "/number"


async def test_timers_of_imported_requests_ring_at_their_own_moment(ask):
    delivered = recorded(*HELPED[:3])
    answer = await ask("POST", "/imports/help-requests", "loader", json={"items": [delivered]})
    id_ = answer.json()["items"][0]["result"]["id"]

    async def confirmed():
        shown = (await ask("GET", f"/help-requests/{id_}", "auditor")).json()
        return shown if shown["state"] == "confirmed" else None

    shown = await eventually(confirmed, within_s=20)
    lines = (await ask("GET", f"/help-requests/{id_}/timeline", "auditor")).json()["items"]
    assert shown["confirmed_by_silence"] is True
    assert shown["rating"] is None
    assert [line["action"] for line in lines][-1] == "auto-confirm"
    assert lines[-1]["at"] < now().isoformat()


async def test_more_than_a_hundred_are_too_many(ask):
    body = {"items": [recorded() for _ in range(101)]}

    answer = await ask("POST", "/imports/help-requests", "loader", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
