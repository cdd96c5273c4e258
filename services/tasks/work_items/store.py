"""The documents of ordinary tasks, their indexes and queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.outcome import Refusal
from contracts.work_items import TaskFilter
from contracts.work_terms import TaskState
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.finding import with_words
from services.tasks.work_items.model import Task
from services.tasks.work_items.transitions import FINISHED

_SORTS = {
    "created_at": "created_at",
    "changed_at": "changed_at",
    "due": "due",
    "priority": "urgency",
    "position": "position",
}
_NEWEST_FIRST = "-created_at"

Filter = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """The tasks that are part of one: how many, and how many are finished."""

    total: int = 0
    finished: int = 0


class WorkItems(Aggregates[Task]):
    """All ordinary tasks."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "work_items",
            Task,
            indexes=[
                Index([("created_at", -1)]),
                Index([("changed_at", -1)]),
                Index([("due", 1)]),
                Index([("agency", 1), ("state", 1)]),
                Index([("assignees", 1)]),
                Index([("audience", 1)]),
                Index([("words", 1)]),
                Index([("parent", 1)]),
            ],
        )

    async def listed(
        self, conditions: Sequence[Filter], *, sort: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Task]], str | None]:
        """One page of the tasks that meet every condition."""
        order = sort or _NEWEST_FIRST
        name = order.lstrip("-")
        if name not in _SORTS:
            raise Refusal.invalid("/sort", f"one of {', '.join(_SORTS)}, or with -")
        way = "-" if order.startswith("-") else ""
        return await self.page(
            both(conditions), sort=way + _SORTS[name], limit=limit, cursor=cursor
        )

    async def column(
        self, conditions: Sequence[Filter], state: TaskState, limit: int
    ) -> list[Stored[Task]]:
        """The first tasks of a column of a board, in their order."""
        return await self.find(
            both([*conditions, {"state": state}]), sort=[("position", 1), ("_id", 1)], limit=limit
        )

    async def open_of(self, people: Iterable[str]) -> dict[str, int]:
        """How many unfinished tasks each of these people has."""
        named = frozenset(people)
        if not named:
            return {}
        unfinished = {"assignees": {"$in": sorted(named)}, "state": {"$nin": sorted(FINISHED)}}
        found = await self.collection.find(unfinished, projection={"assignees": 1})
        return Counter(person for each in found for person in each["assignees"] if person in named)

    async def parts(self, ids: Iterable[str]) -> dict[str, Parts]:
        """Of each of these tasks the ones that are part of it."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        found = await self.collection.find(
            {"parent": {"$in": wanted}}, projection={"parent": 1, "state": 1}
        )
        parts: dict[str, Parts] = {}
        for each in found:
            known = parts.get(each["parent"], Parts())
            finished = known.finished + (each["state"] in FINISHED)
            parts[each["parent"]] = Parts(known.total + 1, finished)
        return parts

    async def unfinished(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these tasks that are not finished."""
        wanted = sorted(set(ids))
        if not wanted:
            return frozenset()
        found = await self.collection.find({"_id": {"$in": wanted}}, projection={"state": 1})
        return frozenset(each["_id"] for each in found if each["state"] not in FINISHED)

    async def unfinished_parts(self, id_: str) -> frozenset[str]:
        """The tasks that are part of this one and not finished."""
        found = await self.collection.find({"parent": id_}, projection={"state": 1})
        return frozenset(each["_id"] for each in found if each["state"] not in FINISHED)


def matching(wanted: TaskFilter, agencies: Iterable[str] | None) -> list[Filter]:
    """The conditions of a filter; ``agencies`` are those named, with those below them."""
    named = {} if agencies is None else {"agency": {"$in": sorted(agencies)}}
    fields = {
        "assignees": wanted.assignee,
        "created_by": wanted.created_by,
        "state": wanted.state,
        "priority": wanted.priority,
        "labels": wanted.label,
    }
    several = {name: {"$in": list(any_of)} for name, any_of in fields.items() if any_of}
    parent = {} if wanted.parent is None else {"parent": wanted.parent}
    bounds = {"$gte": wanted.due_from, "$lte": wanted.due_to}
    due = {way: moment for way, moment in bounds.items() if moment is not None}
    return [{**parent, **several, **named, **({"due": due} if due else {})}, with_words(wanted.q)]


def both(conditions: Sequence[Filter]) -> Filter:
    """All of these conditions, side by side where no field is named twice.

    So they stand flat, the narrowest first: the embedded database looks into an index for a plain
    list of fields only, and takes the first that has one.
    """
    together: dict[str, Any] = {}
    again: list[Filter] = []
    for condition in conditions:
        if together.keys() & condition.keys():
            again.append(condition)
        else:
            together |= condition
    return {"$and": [together, *again]} if again else together
