"""Words of ordinary tasks that messages and views share: states, actions, bounded fields."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.help_terms import Link, OptionalText, PersonId, Priority
from contracts.text import ShortText

TaskState = Literal["open", "in_progress", "waiting", "done", "cancelled"]
MoveAction = Literal["start", "stop", "wait", "complete", "cancel", "reopen"]
"""What leads from one state to another."""

TaskAction = Literal[
    "create",
    "start",
    "stop",
    "wait",
    "complete",
    "cancel",
    "reopen",
    "edit",
    "log",
    "tick",
    "attach",
    "move",
    "comment",
]

TaskId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w.\-]{1,40}$")
]
"""One word of letters, digits, dot, hyphen or underscore; kept in lower case."""

Labels = Annotated[tuple[Label, ...], Field(max_length=20)]
Assignees = Annotated[tuple[PersonId, ...], Field(max_length=20)]
TaskIds = Annotated[tuple[TaskId, ...], Field(max_length=20)]
Links = Annotated[tuple[Link, ...], Field(max_length=20)]
Minutes = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Due = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("2000-01-01T00:00:00Z"),
        le=datetime.fromisoformat("2100-12-31T23:59:59Z"),
    ),
]

__all__ = [
    "Assignees",
    "Due",
    "Label",
    "Labels",
    "Link",
    "Links",
    "Minutes",
    "MoveAction",
    "OptionalText",
    "PersonId",
    "Priority",
    "ShortText",
    "TaskAction",
    "TaskId",
    "TaskIds",
    "TaskState",
]
