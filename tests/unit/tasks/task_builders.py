"""Tasks in any state, with readable defaults."""

from datetime import timedelta

from contracts.envelope import AgencyCode
from contracts.work_items import TaskChanges, TaskWanted
from services.tasks.work_items import decisions
from services.tasks.work_items.model import Deed, Task
from tests.unit.tasks.builders import TUESDAY

ID = "task-1"
WAYS = {
    "open": (),
    "in_progress": ("start",),
    "waiting": ("wait",),
    "done": ("complete",),
    "cancelled": ("cancel",),
}


def a_deed(by="ani", *, minute=0):
    return Deed(TUESDAY + timedelta(minutes=minute), by, f"account.{by}")


def a_task(state="open", *, agency="HELPER", by="ani", **wanted) -> Task:
    body = TaskWanted.model_validate({"title": "Susun rekap presensi", **wanted})
    task = decisions.create(ID, body, AgencyCode(agency), a_deed(by)).state
    for place, action in enumerate(WAYS[state], start=1):
        task = decisions.move_on(ID, task, action, "perlu", a_deed(by, minute=place)).state
    return task


def edited(task, by="ani", *, minute=5, **fields):
    changes = TaskChanges.model_validate(fields)
    return decisions.edit(ID, task, changes, tuple(fields), a_deed(by, minute=minute))
