"""Ordinary tasks over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response, StreamingResponse

from contracts import work_items as asked
from contracts.envelope import CommandBody, Value
from contracts.paging import Page
from contracts.work_terms import MoveAction
from contracts.work_views import TaskBoardView, TaskCommentsView, TaskTimelineView, TaskView
from gateway.accepted import preferred
from gateway.batches import BatchView, told
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.tables import CSV, XLSX
from gateway.task_export import PAGE_S, ROWS_AT_ONCE, csv, workbook

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the task's id")]

_PATIENCE_S = 10.0
_CODES = ("wrong_state", "version_conflict", "reason_required", "unknown_employee")
_ACTED = answers(TaskView, *_CODES)


async def _act(call: CallContext, command: Any, id_: str, body: Value, **more: Any) -> Response:
    """The command of an action: the body, the task in the path, the version in If-Match."""
    said = {field: getattr(body, field) for field in type(body).model_fields}
    return await call.command(command(task=id_, if_match=call.optional_if_match(), **said, **more))


def _one_of_many(body: asked.BulkChanges, item: asked.BulkItem) -> CommandBody:
    if body.changes is not None:
        fields = tuple(sorted(body.changes.model_fields_set))
        return asked.EditTask(
            task=item.id, if_match=item.version, changes=body.changes, fields=fields
        )
    assert body.action is not None
    return asked.MoveOn(task=item.id, if_match=item.version, action=body.action, note=body.note)


@router.post(
    "",
    status_code=201,
    summary="Write down a task",
    responses=answers(TaskView, "unknown_employee", status=201),
)
async def create_task(call: Call, body: asked.CreateTask) -> Response:
    """Write down what is to be done in your agency, or in one that you head."""
    return await call.command(body, location="/v1/tasks/{id}")


@router.get(
    "",
    summary="List tasks",
    responses={
        **answers(Page[TaskView]),
        200: {
            "description": "JSON comes in pages; CSV and XLSX hold every task of the filter.",
            "model": Page[TaskView],
            "content": {
                CSV: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
    },
)
async def list_tasks(
    call: Call,
    wanted: Annotated[asked.ListTasks, Query()],
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """The tasks you may see; `assignee=me` are yours, `q` finds beginnings of words and stems."""
    form = preferred(accept, ("application/json", CSV, XLSX))
    if form == "application/json":
        return await call.query(wanted)
    everything = wanted.model_copy(update={"limit": ROWS_AT_ONCE, "cursor": None})
    answer = await call.ask(everything, deadline_s=PAGE_S)
    if answer.result is None:
        return call.tell(answer)
    first = Page[TaskView].model_validate_json(answer.result)
    body = csv(call, first, everything) if form == CSV else workbook(call, first, everything)
    name = f'attachment; filename="tugas.{"csv" if form == CSV else "xlsx"}"'
    return StreamingResponse(body, media_type=form, headers={"Content-Disposition": name})


@router.post("/bulk", summary="Change many tasks", responses=answers(BatchView))
async def change_many_tasks(call: Call, body: asked.BulkChanges) -> BatchView:
    """The same change for up to 200 tasks; a verdict each, in the order of the items."""
    commands = [_one_of_many(body, item) for item in body.items]
    return told(call, await call.commands(commands, _PATIENCE_S))


@router.get("/board", summary="Show a board", responses=answers(TaskBoardView))
async def get_task_board(call: Call, wanted: Annotated[asked.GetTaskBoard, Query()]) -> Response:
    """The tasks of an agency (`agency`), or yours, in columns by state and in their order."""
    return await call.query(wanted)


@router.get("/{id}", summary="Show a task", responses=answers(TaskView))
async def get_task(call: Call, id_: Id) -> Response:
    """One task and what you may do with it now."""
    return await call.query(asked.GetTask(task=id_))


@router.patch(
    "/{id}",
    summary="Change a task",
    responses=answers(TaskView, *_CODES, "version_required"),
)
async def edit_task(call: Call, id_: Id, body: asked.TaskChanges) -> Response:
    """Change the fields you name; 412 tells what others changed since the version in If-Match."""
    fields = tuple(sorted(body.model_fields_set))
    return await call.command(
        asked.EditTask(task=id_, if_match=call.if_match(), changes=body, fields=fields)
    )


@router.get("/{id}/timeline", summary="Show what happened", responses=answers(TaskTimelineView))
async def get_task_timeline(call: Call, id_: Id) -> Response:
    """Everything that happened to the task, oldest first."""
    return await call.query(asked.GetTaskTimeline(task=id_))


@router.get("/{id}/comments", summary="Read the comments", responses=answers(TaskCommentsView))
async def list_task_comments(call: Call, id_: Id) -> Response:
    """Everything that was said about the task, oldest first."""
    return await call.query(asked.ListTaskComments(task=id_))


@router.post("/{id}/comments", summary="Comment", responses=_ACTED)
async def comment_on_task(call: Call, id_: Id, body: asked.Said) -> Response:
    """Say something; the people in `mentions` are told of it."""
    return await _act(call, asked.CommentOnTask, id_, body)


@router.post("/{id}/attachments", summary="Attach a file", responses=_ACTED)
async def attach_to_task(call: Call, id_: Id, body: asked.Attached) -> Response:
    """Attach a file that you sent before (`POST /v1/uploads`)."""
    return await _act(call, asked.AttachToTask, id_, body)


@router.post("/{id}/log", summary="Write down work", responses=_ACTED)
async def log_task_work(call: Call, id_: Id, body: asked.TaskWork) -> Response:
    """Write down what you worked on a day, and the outcome."""
    return await _act(call, asked.LogTaskWork, id_, body)


@router.put("/{id}/checklist/{item}", summary="Tick a line of the checklist", responses=_ACTED)
async def tick_task_item(
    call: Call, id_: Id, item: Annotated[str, Path(max_length=64)], body: asked.Ticked
) -> Response:
    """Say that a line is done, or not after all."""
    return await _act(call, asked.TickTaskItem, id_, body, item=item)


@router.post("/{id}/place", summary="Move a task on a board", responses=_ACTED)
async def place_task(call: Call, id_: Id, body: asked.Placed) -> Response:
    """Put the task between two others (`after`, `before`), perhaps into another column."""
    return await _act(call, asked.PlaceTask, id_, body)


@router.post("/{id}/{action}", summary="Move a task on", responses=_ACTED)
async def move_task_on(
    call: Call, id_: Id, action: MoveAction, body: asked.Noted | None = None
) -> Response:
    """Start, stop, let wait, complete, cancel or reopen a task."""
    return await _act(call, asked.MoveOn, id_, body or asked.Noted(), action=action)
