"""What the task service is asked about ordinary tasks: commands of the gateway and its queries."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from contracts.directory import Day
from contracts.envelope import Code, CommandBody, QueryBody, Value
from contracts.paging import Paging
from contracts.text import LongText, ShortText
from contracts.uploads import UploadId
from contracts.work_terms import (
    Assignees,
    Due,
    Label,
    Labels,
    Links,
    Minutes,
    MoveAction,
    OptionalText,
    PersonId,
    Priority,
    TaskId,
    TaskIds,
    TaskState,
)

FEATURE = "tasks.work_items"
MOST_FILTERED = 50
MOST_AT_ONCE = 200


class TaskWanted(Value):
    """What is to be done: by whom, until when, and what belongs to it.

    Without `agency` it is the caller's own. Without assignees nobody has it yet. A `private` task
    is seen by the people on it only. `blocked_by` are tasks that must be finished before.
    """

    title: ShortText
    description: OptionalText = ""
    agency: Code | None = None
    assignees: Assignees = ()
    priority: Priority = "normal"
    due: Due | None = None
    labels: Labels = ()
    checklist: Annotated[tuple[ShortText, ...], Field(max_length=100)] = ()
    parent: TaskId | None = None
    blocked_by: TaskIds = ()
    links: Links = ()
    estimate_minutes: Minutes | None = None
    private: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Susun rekap presensi Oktober",
                    "description": "Bandingkan dengan mesin di balai kota.",
                    "assignees": ["0198f6a2-0000-7000-8000-000000000001"],
                    "priority": "high",
                    "due": "2026-11-27T15:00:00+07:00",
                    "labels": ["rekap"],
                    "checklist": ["unduh data", "periksa selisih"],
                    "estimate_minutes": 240,
                }
            ]
        }
    )


class ChecklistLine(Value):
    """A line of a checklist; with the `id` of one that is there it stays that one."""

    id: TaskId | None = None
    text: ShortText
    done: bool = False


class TaskChanges(Value):
    """The fields of a task that change; those that are left out stay."""

    title: ShortText | None = None
    description: OptionalText | None = None
    assignees: Assignees | None = None
    priority: Priority | None = None
    due: Due | None = None
    labels: Labels | None = None
    checklist: Annotated[tuple[ChecklistLine, ...], Field(max_length=100)] | None = None
    parent: TaskId | None = None
    blocked_by: TaskIds | None = None
    links: Links | None = None
    estimate_minutes: Minutes | None = None
    private: bool | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"priority": "urgent", "due": None, "labels": ["rekap"]}]}
    )


class CreateTask(TaskWanted, CommandBody, name="tasks.create_task", feature=FEATURE):
    """Somebody writes down what is to be done."""


class _OnTask(Value):
    """Which task it is about; ``if_match`` is the version the caller has seen."""

    task: TaskId
    if_match: int | None = Field(default=None, ge=0)


class EditTask(_OnTask, CommandBody, name="tasks.edit_task", feature=FEATURE):
    """Fields of a task change; ``fields`` are those that the caller named."""

    changes: TaskChanges
    fields: tuple[str, ...]


class Noted(Value):
    """What there is to say; waiting, cancelling and reopening need a reason."""

    note: OptionalText = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "Menunggu data BPKAD."}]})


class MoveOn(_OnTask, Noted, CommandBody, name="tasks.move_task_on", feature=FEATURE):
    """A task goes from one state to another."""

    action: MoveAction


class TaskWork(Value):
    """Minutes somebody worked on a day (today where it is left out), and the outcome."""

    minutes: int = Field(ge=1, le=1_440, strict=True)
    outcome: OptionalText = ""
    date: Day | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"minutes": 90, "outcome": "Data 3 kelurahan selesai."}]}
    )


class LogTaskWork(_OnTask, TaskWork, CommandBody, name="tasks.log_task_work", feature=FEATURE):
    """A person writes down what was worked on a day."""


class Said(Value):
    """A comment; the people in `mentions` are told of it and must be able to see the task."""

    text: LongText
    mentions: Assignees = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Mohon dicek, Bu Ani.",
                    "mentions": ["0198f6a2-0000-7000-8000-000000000001"],
                }
            ]
        }
    )


class CommentOnTask(_OnTask, Said, CommandBody, name="tasks.comment_on_task", feature=FEATURE):
    """Somebody says something about a task."""


class Attached(Value):
    """A file that was sent before (`POST /v1/uploads`)."""

    upload: UploadId

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"upload": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21"}]}
    )


class AttachToTask(_OnTask, Attached, CommandBody, name="tasks.attach_to_task", feature=FEATURE):
    """A file belongs to a task from now on."""


class Ticked(Value):
    """Whether a line of the checklist is done."""

    done: bool

    model_config = ConfigDict(json_schema_extra={"examples": [{"done": True}]})


class TickTaskItem(_OnTask, Ticked, CommandBody, name="tasks.tick_task_item", feature=FEATURE):
    """A line of the checklist is done, or not after all."""

    item: TaskId


class Placed(Value):
    """Where a task lies on a board: between which two, and in which column."""

    after: TaskId | None = None
    before: TaskId | None = None
    state: TaskState | None = None
    note: OptionalText = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"after": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a31", "state": "in_progress"}]
        }
    )


class PlaceTask(_OnTask, Placed, CommandBody, name="tasks.place_task", feature=FEATURE):
    """A task is put between two others on a board, perhaps into another column."""


class BulkItem(Value):
    """A task of many, and the version the caller has seen."""

    id: TaskId
    version: int = Field(ge=0, strict=True)


class BulkChanges(Value):
    """The same change for many tasks: fields, or the next state."""

    items: Annotated[tuple[BulkItem, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    changes: TaskChanges | None = None
    action: MoveAction | None = None
    note: OptionalText = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"id": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a31", "version": 3}],
                    "changes": {"priority": "high"},
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.changes is None) == (self.action is None):
            raise ValueError("must say either changes or action")
        if self.changes is not None and not self.changes.model_fields_set:
            raise ValueError("changes must name a field")
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError("must name each task once")
        return self


class TaskFilter(Value):
    """Which tasks are wanted: filters equal field names, repeated means any of."""

    agency: Annotated[tuple[Code, ...], Field(max_length=MOST_FILTERED)] = ()
    exact: bool = False
    assignee: Annotated[tuple[PersonId, ...], Field(max_length=MOST_FILTERED)] = ()
    created_by: Annotated[tuple[PersonId, ...], Field(max_length=MOST_FILTERED)] = ()
    state: Annotated[tuple[TaskState, ...], Field(max_length=5)] = ()
    priority: Annotated[tuple[Priority, ...], Field(max_length=4)] = ()
    label: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    parent: TaskId | None = None
    due_from: Due | None = None
    due_to: Due | None = None
    q: Annotated[str, Field(max_length=200)] | None = None


class ListTasks(Paging, TaskFilter, QueryBody, name="tasks.list_tasks"):
    """The tasks the caller may see; ``filter`` is a saved one that must be met as well."""

    filter: TaskId | None = None


class GetTask(QueryBody, name="tasks.get_task"):
    """One task."""

    task: TaskId


class GetTaskTimeline(QueryBody, name="tasks.get_task_timeline"):
    """What happened to a task."""

    task: TaskId


class ListTaskComments(QueryBody, name="tasks.list_task_comments"):
    """What was said about a task."""

    task: TaskId


class GetTaskBoard(QueryBody, name="tasks.get_task_board"):
    """A board: the tasks of an agency, or of the caller, in columns by state."""

    agency: Code | None = None
    label: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    limit: int = Field(default=50, ge=1, le=200)
