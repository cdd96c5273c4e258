"""Tasks that others are part of or wait for: of the same agency, and never in a circle."""

from collections.abc import Iterable

from contracts.envelope import Actor
from contracts.outcome import Refusal
from contracts.work_terms import MoveAction
from rules.agencies import AgencyTree
from services.tasks import task_access
from services.tasks.context import Tasks
from services.tasks.work_items.model import Task

DEEPEST = 10
"""So many generations of parts there may be."""
MOST_BEFORE = 500
"""So many tasks may have to be finished before one, counted through."""


async def check_parent(
    actor: Actor, parent: str, agency: str, tree: AgencyTree, tasks: Tasks, *, child: str
) -> None:
    """Refuse a parent that the caller cannot see, of another agency, or that is part of this."""
    above: str | None = parent
    for _ in range(DEEPEST):
        if above is None:
            return
        if above == child:
            raise Refusal.invalid("/parent", "may not be a part of the task itself")
        stored = await tasks.work_items.get(above)
        task = stored.state if stored else None
        if above == parent:
            _check(actor, task, agency, tree, "/parent")
        above = task.parent if task else None
    raise Refusal.invalid("/parent", f"lies too deep: at most {DEEPEST} generations")


async def check_before(
    actor: Actor, before: Iterable[str], agency: str, tree: AgencyTree, tasks: Tasks, *, task: str
) -> None:
    """Refuse what the caller cannot see, is of another agency, or itself waits for this task."""
    known: dict[str, Task] = {}
    named = set(before)
    waiting = set(named)
    while waiting:
        if task in waiting:
            raise Refusal.invalid("/blocked_by", "would make tasks wait for each other in a circle")
        found = await tasks.work_items.get_many(waiting)
        for id_ in waiting & named:
            _check(actor, found[id_].state if id_ in found else None, agency, tree, "/blocked_by")
        known |= {id_: stored.state for id_, stored in found.items()}
        if len(known) > MOST_BEFORE:
            raise Refusal.invalid("/blocked_by", f"at most {MOST_BEFORE} tasks, counted through")
        waiting = {id_ for each in found.values() for id_ in each.state.blocked_by} - known.keys()


async def hindering(id_: str, task: Task, action: MoveAction, tasks: Tasks) -> tuple[str, ...]:
    """The tasks that must be finished first: before it starts those it waits for, before it ends
    its parts as well.
    """
    if action not in {"start", "complete"}:
        return ()
    before = await tasks.work_items.unfinished(task.blocked_by)
    if action == "complete":
        before |= await tasks.work_items.unfinished_parts(id_)
    return tuple(sorted(before))


def _check(actor: Actor, task: Task | None, agency: str, tree: AgencyTree, pointer: str) -> None:
    if task is None or not task_access.may_see(actor, task, tree):
        raise Refusal.invalid(pointer, "is not a task that you can see")
    if task.agency != agency:
        raise Refusal.invalid(pointer, f"must be a task of {agency} too")
