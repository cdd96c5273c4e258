"""What happened to ordinary tasks. Internal: no other government reads the tasks of an agency.

Events carry ids, states and times; titles, comments and outcomes stay in the task.
"""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Any, Self

from pydantic import AwareDatetime, Field

from contracts.envelope import AgencyCode, EmployeeId, EventData
from contracts.help_terms import Priority
from contracts.work_terms import TaskState

_TASK = "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a31"
_PERSON = EmployeeId("0198f6a2-0000-7000-8000-000000000001")


class TaskFacts(EventData):
    """Where a task stands after what happened; ``by`` is who did it, none for a clock."""

    task: str
    agency: AgencyCode
    state: TaskState
    priority: Priority
    private: bool = False
    due: AwareDatetime | None = None
    created_at: AwareDatetime
    created_by: EmployeeId | None = None
    assignees: tuple[EmployeeId, ...] = ()
    parent: str | None = None
    estimate_minutes: int | None = None
    worked_minutes: int = 0
    at: AwareDatetime
    by: EmployeeId | None = None

    @classmethod
    def example(cls) -> Self:
        """A task of the personnel agency."""
        return cls(**_EXAMPLE, **_MORE.get(cls.type, {}))


_EXAMPLE: dict[str, Any] = {
    "task": _TASK,
    "agency": AgencyCode("BKPSDM"),
    "state": "open",
    "priority": "normal",
    "due": datetime(2026, 11, 27, 8, tzinfo=UTC),
    "created_at": datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
    "created_by": _PERSON,
    "assignees": (_PERSON,),
    "estimate_minutes": 240,
    "at": datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
    "by": _PERSON,
}
_MORE: dict[str, dict[str, Any]] = {
    "tasks.task.edited.v1": {"fields": ("due",)},
    "tasks.task.assigned.v1": {"added": (_PERSON,)},
    "tasks.task.logged.v1": {"minutes": 90, "date": Date(2026, 11, 24)},
    "tasks.task.ticked.v1": {"item": "1", "done": True},
    "tasks.task.commented.v1": {"comment": "1", "mentions": (_PERSON,)},
    "tasks.task.attached.v1": {"upload": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21"},
}


class TaskCreated(TaskFacts, type="tasks.task.created.v1"):
    """A task was written down, by a person or by a recurrence."""

    recurrence: str | None = None


class TaskEdited(TaskFacts, type="tasks.task.edited.v1"):
    """Fields of a task changed; their names, not their text."""

    fields: tuple[str, ...] = Field(min_length=1)


class TaskAssigned(TaskFacts, type="tasks.task.assigned.v1"):
    """People were put on a task or taken off it."""

    added: tuple[EmployeeId, ...] = ()
    removed: tuple[EmployeeId, ...] = ()


class TaskStarted(TaskFacts, type="tasks.task.started.v1"):
    """The work on a task began."""


class TaskStopped(TaskFacts, type="tasks.task.stopped.v1"):
    """A task was put back among those that are open."""


class TaskWaiting(TaskFacts, type="tasks.task.waiting.v1"):
    """A task waits for something outside."""


class TaskCompleted(TaskFacts, type="tasks.task.completed.v1"):
    """A task is done."""


class TaskCancelled(TaskFacts, type="tasks.task.cancelled.v1"):
    """A task is not needed any more."""


class TaskReopened(TaskFacts, type="tasks.task.reopened.v1"):
    """A finished task is open again."""


class TaskLogged(TaskFacts, type="tasks.task.logged.v1"):
    """Minutes of work on a day were written down."""

    minutes: int
    date: Date


class TaskTicked(TaskFacts, type="tasks.task.ticked.v1"):
    """A line of the checklist is done, or not after all."""

    item: str
    done: bool


class TaskCommented(TaskFacts, type="tasks.task.commented.v1"):
    """Somebody said something; those in ``mentions`` may see the task and should be told."""

    comment: str
    mentions: tuple[EmployeeId, ...] = ()


class TaskAttached(TaskFacts, type="tasks.task.attached.v1"):
    """A file belongs to the task from now on."""

    upload: str
