"""Templates, recurrences, saved filters, many at once, and lists as files."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from kit.clock import now
from kit.ids import new_id
from services.tasks.app import tasks_of
from services.tasks.work_plans.making import come_round, make_recurring_tasks
from tests.integration.tasks.conftest import in_days

CSV = {"Accept": "text/csv"}
XLSX = {"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture
def tell(ask):
    """Call as somebody: the answer's data."""

    async def tell(method, path, by="ani", *, status=200, version=None, **more):
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = await ask(method, path, by, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    return tell


@pytest.fixture
def tasks(store, settings):
    return tasks_of(store, settings)


async def test_a_task_is_made_from_a_template(tell):
    kept = {
        "name": "Pegawai baru",
        "task": {"title": "Siapkan akun", "checklist": ["akun", "meja"]},
        "due_in_working_days": 2,
    }
    template = await tell("POST", "/task-templates", status=201, json=kept)
    path = f"/task-templates/{template['id']}"

    await tell("POST", f"{path}/tasks", "kepala.other", status=404, json={})
    task = await tell(
        "POST", f"{path}/tasks", status=201, json={"title": "Akun Bu Rina", "assignees": ["budi"]}
    )

    assert (task["title"], task["template"]) == ("Akun Bu Rina", template["id"])
    assert [each["text"] for each in task["checklist"]] == ["akun", "meja"]
    assert task["due"] > now().isoformat()
    await tell("PUT", path, version=1, json=kept | {"name": "Lain"})
    await tell("PUT", path, status=412, version=1, json=kept)
    await tell("DELETE", path)
    await tell("GET", path, status=404)
    assert template["id"] not in [
        each["id"] for each in (await tell("GET", "/task-templates"))["items"]
    ]


async def test_a_recurrence_makes_each_task_once_however_often_it_is_tried(tell, tasks, heard):
    today = now().date()
    mark = new_id()[-12:]
    plan = await tell(
        "POST",
        "/task-recurrences",
        status=201,
        json={
            "name": "Harian",
            "task": {"title": "Cek server", "labels": [mark], "assignees": ["budi", "gone"]},
            "rule": "FREQ=DAILY;COUNT=3",
            "starts_on": (today - timedelta(days=1)).isoformat(),
            "ahead_days": 5,
        },
    )

    for _ in range(3):
        stored = await tasks.recurrences.get(plan["id"])
        await come_round(stored, now(), tasks)
        await come_round(stored, now(), tasks)  # as after a crash between task and note
    await make_recurring_tasks(tasks)

    found = await tell("GET", "/tasks", params={"label": mark, "sort": "due"})
    assert len(found["items"]) == 2  # yesterday is past, today and tomorrow are made
    assert {each["recurrence"] for each in found["items"]} == {plan["id"]}
    assert [[one["id"] for one in each["assignees"]] for each in found["items"]] == [["budi"]] * 2
    ended = await tell("GET", f"/task-recurrences/{plan['id']}")
    assert (ended["next_on"], ended["made"], ended["missed"]) == (None, 2, 0)
    events = await heard(plan["id"], 3)
    assert [event["type"] for event in events] == [
        "tasks.recurrence.changed.v1",
        "tasks.recurrence.came_round.v1",
        "tasks.recurrence.came_round.v1",
    ]


async def test_a_rule_that_cannot_be_is_named(tell):
    wanted = {"name": "x", "task": {"title": "x"}, "starts_on": "2026-12-04"}
    for rule in ("FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"):
        answer = await tell("POST", "/task-recurrences", status=422, json=wanted | {"rule": rule})
        assert answer["errors"][0]["pointer"] == "/rule"


async def test_a_saved_filter_is_met_as_well_and_shared_if_it_is(tell):
    mark = new_id()[-12:]
    for priority in ("urgent", "low"):
        body = {"title": f"Tugas {mark}", "labels": [mark], "priority": priority}
        await tell("POST", "/tasks", status=201, json=body)
    wanted = {"name": "Mendesak", "filter": {"priority": ["urgent"], "created_by": ["me"]}}
    kept = await tell("POST", "/task-filters", status=201, json=wanted)

    found = await tell("GET", "/tasks", params={"filter": kept["id"], "label": mark})

    assert [each["priority"] for each in found["items"]] == ["urgent"]
    await tell("GET", f"/task-filters/{kept['id']}", "kepala.helper", status=404)
    await tell("PUT", f"/task-filters/{kept['id']}", version=1, json=wanted | {"shared": True})
    await tell("GET", f"/task-filters/{kept['id']}", "kepala.helper")
    await tell("GET", "/tasks", "kepala.other", status=404, params={"filter": kept["id"]})


async def test_many_at_once_have_a_verdict_each(tell):
    made = [await tell("POST", "/tasks", status=201, json={"title": name}) for name in "abc"]
    items = [{"id": each["id"], "version": 1} for each in made]
    items[1]["version"] = 7

    changed = await tell(
        "POST", "/tasks/bulk", json={"items": items, "changes": {"priority": "high"}}
    )
    ended = await tell(
        "POST",
        "/tasks/bulk",
        json={"items": [{"id": made[0]["id"], "version": 2}], "action": "cancel", "note": "Ganda."},
    )

    assert [each["status"] for each in changed["items"]] == ["accepted", "refused", "accepted"]
    assert changed["items"][1]["problem"]["code"] == "version_conflict"
    assert changed["items"][0]["result"]["priority"] == "high"
    assert ended["items"][0]["result"]["state"] == "cancelled"
    both = {"items": items, "changes": {"priority": "low"}, "action": "start"}
    for body in (both, {"items": items}, {"items": items, "changes": {}}):
        await tell("POST", "/tasks/bulk", status=422, json=body)


async def test_a_list_is_a_file_with_every_task_and_no_formula(ask, tell):
    mark = new_id()[-12:]
    for number in range(3):
        title = "=HYPERLINK(1)" if number == 1 else f"Tugas {number}"
        await tell("POST", "/tasks", status=201, json={"title": title, "labels": [mark]})
    filters = {"label": mark, "sort": "created_at", "limit": 1}

    text = await ask("GET", "/tasks", "ani", params=filters, headers=CSV)
    book = await ask("GET", "/tasks", "ani", params=filters, headers=XLSX)

    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert [row["Title"] for row in rows] == ["Tugas 0", "'=HYPERLINK(1)", "Tugas 2"]
    assert text.headers["content-disposition"] == 'attachment; filename="tugas.csv"'
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [row["Title"] for row in rows]
    refused = await ask("GET", "/tasks", "ani", params={"sort": "nope"}, headers=CSV)
    assert refused.status_code == 422


async def test_what_is_made_again_is_part_of_nothing(tell):
    task = {"title": "x", "due": in_days(2)}

    answer = await tell("POST", "/task-templates", status=422, json={"name": "x", "task": task})

    assert answer["errors"][0]["pointer"] == "/task/due"
