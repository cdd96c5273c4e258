"""The life of a help request as one table: state × action × side → next.

Everything else asks this table: the model which state follows, access who may, views which actions
to offer, the documents what to draw (``python -m services.tasks.help_requests.transitions``).
"""

import sys
from dataclasses import dataclass
from typing import Literal, get_args

from contracts.help_terms import HelpAction, HelpState

Side = Literal["asking", "receiving", "approving", "assigned", "timer"]
"""Who moves it: heads of the asking agency, heads and responders of the receiving one, its heads
alone where one of its responders has proposed an acceptance, assigned people, a clock."""

ASKING: tuple[Side, ...] = ("asking",)
RECEIVING: tuple[Side, ...] = ("receiving",)
APPROVING: tuple[Side, ...] = ("approving",)
ASSIGNED_OR_HEAD: tuple[Side, ...] = ("assigned", "receiving")
TIMER: tuple[Side, ...] = ("timer",)
ANYBODY: tuple[Side, ...] = ("asking", "receiving", "assigned")
REMARKS: tuple[HelpAction, ...] = ("comment", "attach")
"""What both sides may do in every state that is not final, and what leads nowhere."""


When = Literal["always", "not accepted", "people missing", "proposed"]
"""What must hold beside the state: ``not accepted`` is that no agency helps yet, ``people missing``
that each of several takes a part and their people are fewer than wanted, ``proposed`` that an
acceptance waits for the head's approval."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row: who may do it and where it may lead; the first of ``to`` is the usual one.

    ``accept`` leaves it as it is where the agency's rule asks the head first; ``decline`` of
    several leaves it ``requested`` until the last one; ``answer`` goes back to where the question
    was asked; where several take parts, ``hand-on`` passes on one part, and it is ``delivered``
    with the last one.
    """

    sides: tuple[Side, ...]
    to: tuple[HelpState, ...]
    when: When = "always"


MOVES: dict[tuple[HelpState, HelpAction], Move] = {
    ("requested", "accept"): Move(RECEIVING, ("accepted", "requested")),
    ("requested", "approve"): Move(APPROVING, ("accepted",), "proposed"),
    ("requested", "reject"): Move(APPROVING, ("requested",), "proposed"),
    ("accepted", "approve"): Move(APPROVING, ("accepted",), "proposed"),
    ("accepted", "reject"): Move(APPROVING, ("accepted",), "proposed"),
    ("in_progress", "approve"): Move(APPROVING, ("in_progress",), "proposed"),
    ("in_progress", "reject"): Move(APPROVING, ("in_progress",), "proposed"),
    ("requested", "decline"): Move(RECEIVING, ("declined", "requested")),
    ("requested", "hand-on"): Move(RECEIVING, ("requested",)),
    ("requested", "ask"): Move(RECEIVING, ("clarifying",)),
    ("accepted", "accept"): Move(RECEIVING, ("accepted",), "people missing"),
    ("in_progress", "accept"): Move(RECEIVING, ("in_progress",), "people missing"),
    ("accepted", "decline"): Move(RECEIVING, ("accepted",), "people missing"),
    ("in_progress", "decline"): Move(RECEIVING, ("in_progress",), "people missing"),
    ("accepted", "ask"): Move(RECEIVING, ("clarifying",)),
    ("in_progress", "ask"): Move(RECEIVING, ("clarifying",)),
    ("clarifying", "answer"): Move(ASKING, ("requested", "accepted", "in_progress")),
    ("requested", "withdraw"): Move(ASKING, ("withdrawn",)),
    ("clarifying", "withdraw"): Move(ASKING, ("withdrawn",)),
    ("accepted", "withdraw"): Move(ASKING, ("withdrawn",)),
    ("in_progress", "withdraw"): Move(ASKING, ("withdrawn",)),
    ("requested", "edit"): Move(ASKING, ("requested",)),
    ("clarifying", "edit"): Move(ASKING, ("clarifying",), "not accepted"),
    ("requested", "expire"): Move(TIMER, ("expired",)),
    ("clarifying", "expire"): Move(TIMER, ("expired",)),
    ("accepted", "assign"): Move(RECEIVING, ("accepted",)),
    ("accepted", "start"): Move(ASSIGNED_OR_HEAD, ("in_progress",)),
    ("accepted", "hand-on"): Move(RECEIVING, ("requested", "accepted")),
    ("in_progress", "assign"): Move(RECEIVING, ("in_progress",)),
    ("in_progress", "log"): Move(ASSIGNED_OR_HEAD, ("in_progress",)),
    ("in_progress", "deliver"): Move(ASSIGNED_OR_HEAD, ("delivered", "in_progress")),
    ("delivered", "confirm"): Move(ASKING, ("confirmed",)),
    ("delivered", "return"): Move(ASKING, ("in_progress",)),
    ("delivered", "auto-confirm"): Move(TIMER, ("confirmed",)),
}

MOVES |= {
    (state, action): Move(ANYBODY, (state,))
    for state in dict.fromkeys(state for state, _ in MOVES)
    for action in REMARKS
}

STATES: tuple[HelpState, ...] = get_args(HelpState)
ACTIONS: tuple[HelpAction, ...] = tuple(
    action for action in get_args(HelpAction) if action != "request"
)
FIRST: HelpState = "requested"


def move(state: HelpState, action: HelpAction) -> Move | None:
    """The row of the table, or None where the action is not possible."""
    return MOVES.get((state, action))


def states_for(action: HelpAction) -> tuple[HelpState, ...]:
    """The states from which the action is possible."""
    return tuple(state for state in STATES if (state, action) in MOVES)


def sides_for(action: HelpAction) -> frozenset[Side]:
    """The sides that may ever do it."""
    return frozenset(side for (_, of), row in MOVES.items() if of == action for side in row.sides)


def is_final(state: HelpState) -> bool:
    """Whether nothing leads out of the state."""
    return all(of != state for of, _ in MOVES)


_WORDS: dict[tuple[Side, ...], str] = {
    ASKING: "asking",
    RECEIVING: "receiving",
    APPROVING: "head of the receiving",
    ASSIGNED_OR_HEAD: "assigned or head",
    TIMER: "timer",
}


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}: request (asking)"]
    for (state, action), row in MOVES.items():
        if action in REMARKS:
            continue
        only = "" if row.when == "always" else f", {row.when}"
        lines += [f"    {state} --> {to}: {action} ({_WORDS[row.sides]}{only})" for to in row.to]
    lines += [f"    {state} --> [*]" for state in STATES if is_final(state)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(diagram() + "\n")
