"""The life of a task as one table: state × action × side → next.

Access asks who may, the model which state follows, views which actions to offer, and the documents
what to draw (``python -m services.tasks.work_items.transitions``).
"""

import sys
from dataclasses import dataclass
from typing import Literal, get_args

from contracts.work_terms import MoveAction, TaskAction, TaskState

Side = Literal["creator", "assignee", "head", "colleague"]
"""Who wrote it down, who has it, who heads the agency, who else works there and may see it."""

INVOLVED: tuple[Side, ...] = ("creator", "assignee", "head")
EVERYBODY: tuple[Side, ...] = (*INVOLVED, "colleague")


@dataclass(frozen=True, slots=True)
class Move:
    """One row: who may do it, the state that follows, and whether a reason must be given."""

    sides: tuple[Side, ...]
    to: TaskState
    reason: bool = False


MOVES: dict[tuple[TaskState, MoveAction], Move] = {
    ("open", "start"): Move(INVOLVED, "in_progress"),
    ("waiting", "start"): Move(INVOLVED, "in_progress"),
    ("in_progress", "stop"): Move(INVOLVED, "open"),
    ("open", "wait"): Move(INVOLVED, "waiting", reason=True),
    ("in_progress", "wait"): Move(INVOLVED, "waiting", reason=True),
    ("open", "complete"): Move(INVOLVED, "done"),
    ("in_progress", "complete"): Move(INVOLVED, "done"),
    ("waiting", "complete"): Move(INVOLVED, "done"),
    ("open", "cancel"): Move(("creator", "head"), "cancelled", reason=True),
    ("in_progress", "cancel"): Move(("creator", "head"), "cancelled", reason=True),
    ("waiting", "cancel"): Move(("creator", "head"), "cancelled", reason=True),
    ("done", "reopen"): Move(INVOLVED, "open", reason=True),
    ("cancelled", "reopen"): Move(("creator", "head"), "open", reason=True),
}

STATES: tuple[TaskState, ...] = get_args(TaskState)
FINISHED: frozenset[TaskState] = frozenset({"done", "cancelled"})
UNFINISHED: tuple[TaskState, ...] = tuple(state for state in STATES if state not in FINISHED)
FIRST: TaskState = "open"

OTHER: dict[TaskAction, tuple[tuple[TaskState, ...], tuple[Side, ...]]] = {
    "edit": (UNFINISHED, INVOLVED),
    "log": (UNFINISHED, INVOLVED),
    "tick": (UNFINISHED, INVOLVED),
    "attach": (UNFINISHED, INVOLVED),
    "move": (STATES, INVOLVED),
    "comment": (STATES, EVERYBODY),
}
"""What leads to no other state: in which states it is possible, and for whom."""

ACTIONS: tuple[TaskAction, ...] = tuple(
    action for action in get_args(TaskAction) if action != "create"
)


def states_for(action: TaskAction) -> tuple[TaskState, ...]:
    """The states in which the action is possible."""
    if action in OTHER:
        return OTHER[action][0]
    return tuple(state for state, of in MOVES if of == action)


def sides_for(action: TaskAction, state: TaskState) -> tuple[Side, ...]:
    """Who may do it in this state; nobody where it is not possible."""
    if action in OTHER:
        states, sides = OTHER[action]
        return sides if state in states else ()
    return next((row.sides for (of, act), row in MOVES.items() if (of, act) == (state, action)), ())


def leading(state: TaskState, to: TaskState) -> MoveAction | None:
    """The action that leads from one state to the other, if one does."""
    return next(
        (action for (of, action), row in MOVES.items() if of == state and row.to == to), None
    )


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}: create"]
    for (state, action), row in MOVES.items():
        who = "involved" if row.sides == INVOLVED else "creator or head"
        lines.append(f"    {state} --> {row.to}: {action} ({who})")
    lines += [f"    {state} --> [*]" for state in STATES if state in FINISHED]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(diagram() + "\n")
