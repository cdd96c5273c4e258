"""The documents of templates, recurrences and saved filters."""

from datetime import UTC, datetime

from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.work_plans.model import Recurrence, SavedFilter, Template

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AGENCY = Index([("agency", 1)])
_CREATOR = Index([("created_by", 1)])


class Templates(Aggregates[Template]):
    """All templates."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "task_templates", Template, indexes=[_AGENCY, _CREATOR])


class Recurrences(Aggregates[Recurrence]):
    """All recurrences."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "task_recurrences",
            Recurrence,
            indexes=[_AGENCY, _CREATOR, Index([("make_at", 1)])],
        )

    async def due(self, at: datetime, limit: int) -> list[Stored[Recurrence]]:
        """Those whose next task is to be made, the longest overdue first."""
        due = {"make_at": {"$gt": _EPOCH, "$lte": at}}
        return await self.find(due, sort=[("make_at", 1)], limit=limit)


class SavedFilters(Aggregates[SavedFilter]):
    """All saved filters."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "task_filters", SavedFilter, indexes=[_AGENCY, _CREATOR])
