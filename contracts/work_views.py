"""How ordinary tasks are shown: the task, its comments, its time line, boards."""

from datetime import date as Date  # noqa: N812  # fields are called date

from pydantic import AwareDatetime

from contracts.envelope import Value
from contracts.help_terms import Priority
from contracts.people import PersonView
from contracts.uploads import MediaType
from contracts.work_terms import TaskAction, TaskState


class ChecklistItemView(Value):
    """A line of the checklist, and who ticked it."""

    id: str
    text: str
    done: bool = False
    done_by: PersonView | None = None
    done_at: AwareDatetime | None = None


class TaskWorkView(Value):
    """What somebody worked on a day, and the outcome."""

    person: PersonView | None = None
    date: Date
    minutes: int
    outcome: str = ""


class TaskAttachmentView(Value):
    """A file of the task; its bytes are at `/v1/uploads/{id}/content`."""

    id: str
    name: str
    media_type: MediaType
    size: int
    sha256: str
    at: AwareDatetime
    by: PersonView | None = None


class SubTasksView(Value):
    """How many tasks are part of this one, and how many of them are finished."""

    total: int
    finished: int


class TaskView(Value):
    """A task as this caller may see it, with what the caller may do now.

    `blocked` says that a task of `blocked_by` is not finished; `comments` counts them.
    """

    id: str
    agency: str
    state: TaskState
    title: str
    description: str
    private: bool = False
    priority: Priority
    due: AwareDatetime | None = None
    labels: tuple[str, ...] = ()
    created_at: AwareDatetime
    created_by: PersonView | None = None
    changed_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    assignees: tuple[PersonView, ...] = ()
    checklist: tuple[ChecklistItemView, ...] = ()
    parent: str | None = None
    sub_tasks: SubTasksView
    blocked_by: tuple[str, ...] = ()
    blocked: bool = False
    links: tuple[str, ...] = ()
    attachments: tuple[TaskAttachmentView, ...] = ()
    comments: int = 0
    estimate_minutes: int | None = None
    work: tuple[TaskWorkView, ...] = ()
    worked_minutes: int = 0
    recurrence: str | None = None
    template: str | None = None
    position: str
    actions: tuple[TaskAction, ...] = ()
    version: int


class TaskCommentView(Value):
    """What somebody said, and whom it names."""

    id: str
    at: AwareDatetime
    person: PersonView | None = None
    text: str
    mentions: tuple[PersonView, ...] = ()


class TaskCommentsView(Value):
    """Everything that was said, oldest first."""

    items: tuple[TaskCommentView, ...]


class FieldChangeView(Value):
    """A field before and after, as text; long ones are shortened."""

    field: str
    before: str | None = None
    after: str | None = None


class TaskTimelineItemView(Value):
    """One thing that happened; `version` is that of the task after it."""

    at: AwareDatetime
    actor: PersonView | None = None
    action: TaskAction
    before: TaskState | None = None
    after: TaskState
    note: str = ""
    changes: tuple[FieldChangeView, ...] = ()
    version: int


class TaskTimelineView(Value):
    """Everything that happened, oldest first."""

    items: tuple[TaskTimelineItemView, ...]


class BoardColumnView(Value):
    """The tasks of one state in their order; `more` says that there are others behind."""

    state: TaskState
    items: tuple[TaskView, ...]
    more: bool = False


class TaskBoardView(Value):
    """A column for every state."""

    columns: tuple[BoardColumnView, ...]
