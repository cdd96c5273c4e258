"""Files and ordinary tasks."""

from typing import Any

from tests.integration.access.calls.making import NO_SUCH_VERSION, THING, Call, Sent, plain
from tests.integration.access.world import PLANS, UNKNOWN, World


def _about_upload(action: str) -> Call:
    """A file that the employee has sent and nothing refers to."""

    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/uploads/{world.uploads[kind]}{action}")

    return Call(("own", "unknown"), about)


def _about_task(action: str, **more: Any) -> Call:
    """A task of the agency's that the employee wrote down, and one of another agency's."""

    def about(world: World, _role: str, kind: str) -> Sent:
        headers = {"headers": NO_SUCH_VERSION} if more else {}
        return Sent(f"/v1/tasks/{world.tasks[kind]}{action}", {**more, **headers})

    return Call(THING, about)


def _about_plan(noun: str, action: str = "", **more: Any) -> Call:
    """A template, recurrence or filter of the employee's, and one of another agency's head."""

    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/{noun}/{world.plans[noun][kind]}{action}", more)

    return Call(THING, about)


def _plans(noun: str) -> dict[str, Call]:
    old = {"headers": NO_SUCH_VERSION}
    return {
        f"GET /v1/{noun}": plain(f"/v1/{noun}"),
        f"POST /v1/{noun}": plain(f"/v1/{noun}", json=PLANS[noun]),
        f"GET /v1/{noun}/{{id}}": _about_plan(noun),
        f"PUT /v1/{noun}/{{id}}": _about_plan(noun, json=PLANS[noun], **old),
        f"DELETE /v1/{noun}/{{id}}": _about_plan(noun, **old),
    }


CALLS: dict[str, Call] = {
    "POST /v1/uploads": plain(
        "/v1/uploads",
        params={"name": "matriks.txt"},
        content=b"Uji matriks akses.",
        headers={"Content-Type": "text/plain"},
    ),
    "GET /v1/uploads/{id}": _about_upload(""),
    "GET /v1/uploads/{id}/content": _about_upload("/content"),
    "GET /v1/tasks": plain("/v1/tasks"),
    "POST /v1/tasks": plain("/v1/tasks", json={"title": "Uji matriks akses"}),
    "GET /v1/tasks/board": plain("/v1/tasks/board"),
    "POST /v1/tasks/bulk": Call(
        THING,
        lambda world, _role, kind: Sent(
            "/v1/tasks/bulk",
            {
                "json": {
                    "items": [{"id": world.tasks[kind], "version": 999_999_999}],
                    "changes": {"priority": "low"},
                }
            },
        ),
    ),
    "GET /v1/tasks/{id}": _about_task(""),
    "PATCH /v1/tasks/{id}": _about_task("", json={"priority": "low"}),
    "GET /v1/tasks/{id}/timeline": _about_task("/timeline"),
    "GET /v1/tasks/{id}/comments": _about_task("/comments"),
    "POST /v1/tasks/{id}/comments": _about_task("/comments", json={"text": "Uji."}),
    "POST /v1/tasks/{id}/attachments": _about_task("/attachments", json={"upload": UNKNOWN}),
    "POST /v1/tasks/{id}/log": _about_task("/log", json={"minutes": 5}),
    "PUT /v1/tasks/{id}/checklist/{item}": _about_task("/checklist/1", json={"done": True}),
    "POST /v1/tasks/{id}/place": _about_task("/place", json={}),
    "POST /v1/tasks/{id}/{action}": _about_task("/start", json={}),
    **_plans("task-templates"),
    "POST /v1/task-templates/{id}/tasks": _about_plan("task-templates", "/tasks", json={}),
    **_plans("task-recurrences"),
    **_plans("task-filters"),
}
