"""Ordinary tasks over HTTP: written down, changed by several people, found again, on boards."""

import asyncio

import pytest

from kit.ids import new_id
from tests.integration.tasks.conftest import in_days


@pytest.fixture
def write_down(ask):
    """Write a task down as somebody: the new task."""

    async def write_down(title="Susun rekap presensi", *, by="ani", **more):
        answer = await ask("POST", "/tasks", by, json={"title": title, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return write_down


@pytest.fixture
def on_task(ask):
    """One action on a task, and the task after it."""

    async def on_task(task, path, by="ani", *, method="POST", status=200, version=None, **body):
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = await ask(method, f"/tasks/{task['id']}{path}", by, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return on_task


async def test_a_task_from_writing_it_down_to_done(ask, write_down, on_task, heard):
    task = await write_down(
        description="Bandingkan dengan mesin.",
        assignees=["budi"],
        due=in_days(3),
        labels=["Rekap"],
        checklist=["unduh", "periksa"],
        estimate_minutes=120,
    )
    await on_task(task, "/start", "budi")
    await on_task(task, "/checklist/1", "budi", method="PUT", done=True)
    await on_task(task, "/log", "budi", minutes=90, outcome="Selesai dua kelurahan.")
    await on_task(task, "/comments", "ani", text="Terima kasih!", mentions=["budi"])
    done = await on_task(task, "/complete", "budi")

    assert (done["state"], done["worked_minutes"], done["version"]) == ("done", 90, 6)
    assert done["labels"] == ["rekap"]
    assert done["assignees"][0] == {
        "id": "budi",
        "name": "Budi",
        "position": "Pranata Komputer",
        "agency": "HELPER-UNIT",
    }
    assert (done["checklist"][0]["done_by"]["id"], done["comments"]) == ("budi", 1)
    assert done["actions"] == ["reopen", "move", "comment"]
    timeline = (await ask("GET", f"/tasks/{task['id']}/timeline", "ani")).json()["items"]
    assert [item["action"] for item in timeline] == [
        "create", "start", "tick", "log", "comment", "complete",
    ]  # fmt: skip
    said = (await ask("GET", f"/tasks/{task['id']}/comments", "budi")).json()["items"]
    assert [(each["text"], each["mentions"][0]["id"]) for each in said] == [
        ("Terima kasih!", "budi")
    ]
    events = await heard(task["id"], 7)
    assert [event["type"].split(".")[2] for event in events] == [
        "created", "assigned", "started", "ticked", "logged", "commented", "completed",
    ]  # fmt: skip
    assert "Terima kasih" not in str(events)
    assert "rekap" not in str(events).lower()


async def test_two_people_edit_and_the_second_is_told_the_difference(ask, write_down, on_task):
    task = await write_down(assignees=["budi"])
    await on_task(task, "", "budi", method="PATCH", version=1, priority="urgent", title="Lain")

    stale = await on_task(task, "", "ani", method="PATCH", version=1, status=412, priority="low")
    unsaid = await on_task(task, "", "ani", method="PATCH", status=428, priority="low")

    assert (stale["code"], stale["version"]) == ("version_conflict", 2)
    (difference,) = stale["differences"]
    assert (difference["by"], difference["fields"][1]) == (
        "budi",
        {"field": "priority", "before": "normal", "now": "urgent"},
    )
    assert unsaid["code"] == "version_required"
    shown = await ask("GET", f"/tasks/{task['id']}", "ani")
    assert (shown.headers["etag"], shown.json()["priority"]) == ('"2"', "urgent")


async def test_only_what_is_named_changes_and_null_empties(ask, write_down, on_task):
    task = await write_down(due=in_days(2), description="Panjang.", estimate_minutes=5)

    after = await on_task(task, "", method="PATCH", version=1, due=None)

    assert (after["due"], after["description"], after["estimate_minutes"]) == (None, "Panjang.", 5)


async def test_twenty_parallel_comments_are_all_there_and_a_repeated_key_is_one(ask, write_down):
    task = await write_down()
    path, key = f"/tasks/{task['id']}/comments", {"Idempotency-Key": new_id()}
    said = [
        ask("POST", path, "ani", json={"text": f"catatan {n}"}, headers=key if n > 9 else None)
        for n in (*range(10), *[10] * 10)
    ]

    answers = await asyncio.gather(*said)

    assert {answer.status_code for answer in answers} == {200}
    found = (await ask("GET", path, "ani")).json()["items"]
    assert sorted(each["text"] for each in found) == sorted(f"catatan {n}" for n in range(11))


async def test_tasks_wait_for_each_other_and_never_in_a_circle(ask, write_down, on_task):
    first = await write_down("Pertama")
    second = await write_down("Kedua", blocked_by=[first["id"]])
    part = await write_down("Bagian", parent=second["id"])

    assert second["blocked"]
    waits = await on_task(second, "/start", status=409)
    assert waits["waits_for"] == [first["id"]]
    circle = await on_task(
        first, "", method="PATCH", version=1, status=422, blocked_by=[second["id"]]
    )
    assert circle["errors"][0]["pointer"] == "/blocked_by"
    own = await on_task(second, "", method="PATCH", version=1, status=422, parent=part["id"])
    assert own["errors"][0]["pointer"] == "/parent"
    await on_task(first, "/complete")
    hindered = await on_task(second, "/complete", status=409)
    assert hindered["waits_for"] == [part["id"]]
    await on_task(part, "/complete")
    done = await on_task(second, "/complete")
    assert (done["state"], done["sub_tasks"]) == ("done", {"total": 1, "finished": 1})


async def test_a_file_belongs_to_a_task_and_is_read_by_who_sees_it(ask, write_down, on_task):
    task, other = await write_down(assignees=["budi"]), await write_down()
    sent = await ask(
        "POST",
        "/uploads",
        "ani",
        params={"name": "catatan.txt"},
        content=b"rapat",
        headers={"Content-Type": "text/plain"},
    )
    upload = sent.json()["id"]

    not_own = await on_task(task, "/attachments", "budi", status=422, upload=upload)
    attached = await on_task(task, "/attachments", upload=upload)
    twice = await on_task(other, "/attachments", status=422, upload=upload)

    assert not_own["errors"][0]["pointer"] == twice["errors"][0]["pointer"] == "/upload"
    assert [each["name"] for each in attached["attachments"]] == ["catatan.txt"]
    assert (await ask("GET", f"/uploads/{upload}", "budi")).json()["expires_at"] is None
    for who, status in {"budi": 200, "kepala.helper": 200, "kepala.other": 404}.items():
        assert (await ask("GET", f"/uploads/{upload}/content", who)).status_code == status


async def test_a_file_whose_task_refused_it_can_be_given_to_another(ask, write_down, on_task):
    done, other = await write_down(), await write_down()
    await on_task(done, "/complete")
    sent = await ask(
        "POST",
        "/uploads",
        "ani",
        params={"name": "catatan.txt"},
        content=b"rapat",
        headers={"Content-Type": "text/plain"},
    )
    upload = sent.json()["id"]

    await on_task(done, "/attachments", status=409, upload=upload)

    await on_task(other, "/attachments", upload=upload)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x", "labels": ["dua kata"]}, "/labels/0"),
        ({"title": "x", "due": "2026-11-27"}, "/due"),
        ({"title": "x", "estimate_minutes": 0}, "/estimate_minutes"),
        ({"title": "x", "links": ["javascript:alert(1)"]}, "/links/0"),
        ({"title": "x", "assignees": ["ani", "ani"]}, "/assignees"),
        ({"title": "x", "parent": new_id()}, "/parent"),
        ({"title": "x", "nope": 1}, "/nope"),
    ],
)
async def test_what_cannot_be_taken_is_named(ask, body, pointer):
    answer = await ask("POST", "/tasks", "ani", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_people_of_elsewhere_are_neither_put_on_nor_named(ask, write_down, on_task):
    answer = await ask("POST", "/tasks", "ani", json={"title": "x", "assignees": ["eko"]})
    named = await on_task(await write_down(), "/comments", status=422, text="x", mentions=["eko"])

    assert answer.json()["code"] == named["code"] == "unknown_employee"


async def test_found_by_filters_and_by_words_and_their_stems(ask, write_down):
    mark = new_id()[-12:]
    one = await write_down(f"Pendataan aset {mark}", labels=[mark], priority="high")
    two = await write_down(f"Rapat {mark}", description="Scheduled meetings.", labels=[mark])
    await write_down(f"Rahasia {mark}", labels=[mark], private=True, by="budi")

    async def found(by="ani", **filters):
        answer = await ask("GET", "/tasks", by, params={"label": mark, **filters})
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert await found() == [two["id"], one["id"]]
    assert await found(sort="-priority") == [one["id"], two["id"]]
    assert await found(q="mendata") == await found(q="penda ase") == [one["id"]]
    assert await found(q=f"meeting {mark}") == [two["id"]]
    assert await found(q="tidakada") == []
    assert await found(priority="high", state="open", created_by="me") == [one["id"]]
    assert await found(agency="SETDA", by="kepala.setda") == [two["id"], one["id"]]
    assert await found(agency="SETDA", exact=True, by="kepala.setda") == []
    assert await found(by="kepala.other") == []
    assert len(await found(by="auditor")) == 3
    first = await ask("GET", "/tasks", "ani", params={"label": mark, "limit": 1})
    rest = await found(limit=1, cursor=first.json()["next_cursor"])
    assert [first.json()["items"][0]["id"], *rest] == [two["id"], one["id"]]


async def test_a_board_keeps_the_order_people_gave_it(ask, write_down, on_task):
    mark = new_id()[-12:]
    a, b, c = [await write_down(name, labels=[mark], assignees=["ani"]) for name in "abc"]

    async def board(**filters):
        answer = await ask("GET", "/tasks/board", "ani", params={"label": mark, **filters})
        return {
            column["state"]: "".join(each["title"] for each in column["items"])
            for column in answer.json()["columns"]
        }

    await on_task(c, "/place", after=a["id"], before=b["id"])
    assert (await board())["open"] == (await board(agency="HELPER"))["open"] == "acb"
    await on_task(b, "/place", before=a["id"])
    assert (await board())["open"] == "bac"
    await on_task(c, "/place", state="in_progress")
    await on_task(a, "/place", before=c["id"], state="in_progress")
    columns = await board()
    assert (columns["open"], columns["in_progress"], columns["done"]) == ("b", "ac", "")
    await on_task(a, "/place", status=422, state="cancelled")
    short = await ask("GET", "/tasks/board", "ani", params={"label": mark, "limit": 1})
    assert [column["more"] for column in short.json()["columns"]][:2] == [False, True]
