"""What differs between two states of a task, and what happened since somebody looked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.tasks.work_items.model import Change, ChecklistItem, Line, Task

FIELDS = (
    "title",
    "description",
    "private",
    "priority",
    "due",
    "labels",
    "assignees",
    "checklist",
    "parent",
    "blocked_by",
    "links",
    "estimate_minutes",
)
"""What callers may change."""

SHOWN = 200
"""So many characters of a text are kept in the time line."""


def changes(before: Task, after: Task) -> tuple[Change, ...]:
    """The fields that differ, as text."""
    return tuple(
        Change(field, as_text(getattr(before, field)), as_text(getattr(after, field)))
        for field in FIELDS
        if getattr(before, field) != getattr(after, field)
    )


def since(task: Task, revision: int) -> list[dict[str, Any]]:
    """What happened after this version, oldest first: for somebody who would write over it."""
    return [_told(line) for line in task.timeline if line.revision > revision]


def as_text(value: Any) -> str | None:
    """A value as the time line shows it."""
    match value:
        case None | "" | ():
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds")
        case tuple():
            return _short(_joined(value))
        case _:
            return _short(str(value))


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(
        f"[{'x' if each.done else ' '}] {each.text}" if isinstance(each, ChecklistItem) else each
        for each in values
    )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _told(line: Line) -> dict[str, Any]:
    told: dict[str, Any] = {
        "version": line.revision,
        "at": line.at.isoformat(timespec="seconds"),
        "action": line.action,
        "by": line.by,
    }
    if line.before != line.after:
        told["state"] = {"before": line.before, "now": line.after}
    if line.changes:
        told["fields"] = [
            {"field": each.field, "before": each.before, "now": each.after} for each in line.changes
        ]
    return told
