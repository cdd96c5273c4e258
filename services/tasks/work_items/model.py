"""An ordinary task: what is to be done, by whom, until when, and everything that happened to it.

The decisions that change it are in :mod:`services.tasks.work_items.decisions`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_terms import Priority
from contracts.work_terms import TaskAction, TaskState
from services.tasks.uploads.model import Attachment
from services.tasks.work_items.transitions import FINISHED, FIRST

URGENCY: dict[Priority, int] = {"low": 0, "normal": 1, "high": 2, "urgent": 3}
"""Priorities as numbers, so that lists can be sorted by them."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A line of the checklist."""

    id: str
    text: str
    done: bool = False
    done_by: EmployeeId | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said."""

    id: str
    by: EmployeeId | None
    at: datetime
    text: str
    mentions: tuple[EmployeeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes that somebody worked on a day, and the outcome."""

    by: EmployeeId | None
    on: date
    minutes: int
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after, as text; shortened where it is long."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the time line; ``revision`` is the task's version after it."""

    at: datetime
    action: TaskAction
    before: TaskState | None
    after: TaskState
    by: EmployeeId | None
    account: str
    revision: int
    note: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, and when."""

    at: datetime
    by: EmployeeId | None
    account: str


@dataclass(frozen=True, slots=True)
class Task:
    """The whole state of a task; immutable, each decision makes the next one.

    ``revision`` counts the writes and is the version that callers see; ``participants`` are all who
    ever had to do with it, and go on seeing it.
    """

    agency: AgencyCode
    title: str
    created_at: datetime
    created_by: EmployeeId | None
    position: str
    description: str = ""
    private: bool = False
    priority: Priority = "normal"
    urgency: int = URGENCY["normal"]
    state: TaskState = FIRST
    assignees: tuple[EmployeeId, ...] = ()
    due: datetime | None = None
    labels: tuple[str, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    parent: str | None = None
    blocked_by: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    estimate_minutes: int | None = None
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    work: tuple[Work, ...] = ()
    participants: tuple[EmployeeId, ...] = ()
    audience: tuple[str, ...] = ()
    recurrence: str | None = None
    template: str | None = None
    completed_at: datetime | None = None
    changed_at: datetime | None = None
    words: tuple[str, ...] = ()
    timeline: tuple[Line, ...] = ()
    revision: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in FINISHED

    @property
    def worked_minutes(self) -> int:
        """All that was written down."""
        return sum(each.minutes for each in self.work)
