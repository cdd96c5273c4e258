"""The collection of one sort of request: documents, indexes, and what waits for whom."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from contracts.outcome import Refusal
from contracts.requests import RequestId
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.requests.model import Request

R = TypeVar("R", bound=Request)
Filter = Mapping[str, Any]

SORTS = ("requested_at", "state")
_NEWEST_FIRST = "-requested_at"


class RequestStore(Aggregates[R], Generic[R]):
    """Requests of one sort."""

    def __init__(
        self, store: Store, collection: str, state: type[R], *, indexes: Sequence[Index] = ()
    ) -> None:
        own = [
            Index([("state", 1), ("requested_at", 1)]),
            Index([("employee", 1), ("requested_at", -1)]),
            Index([("agencies", 1)]),
            Index([("requested_at", -1)]),
        ]
        super().__init__(store, collection, state, indexes=[*own, *indexes])

    async def found(self, id_: RequestId) -> Stored[R]:
        """The request; refused where there is none."""
        stored = await self.get(id_)
        if stored is None:
            raise Refusal("not_found")
        return stored

    async def listed(
        self, conditions: Sequence[Filter], *, sort: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Stored[R]], str | None]:
        """One page of the requests that meet every condition, newest first by default."""
        order = sort or _NEWEST_FIRST
        if order.lstrip("-") not in SORTS:
            raise Refusal.invalid("/sort", f"one of {', '.join(SORTS)}, or with -")
        meaningful = [condition for condition in conditions if condition]
        query: Filter = {"$and": meaningful} if meaningful else {}
        return await self.page(query, sort=order, limit=limit, cursor=cursor)

    async def count_pending(self, agency: str, conditions: Sequence[Filter]) -> int:
        """How many pending requests of an agency meet every condition."""
        mine: Filter = {"state": "pending", "agency": agency}
        return await self.count({"$and": [mine, *(each for each in conditions if each)]})

    async def all_pending(self) -> list[R]:
        """Every pending request of the sort; for one of which there are few at a time."""
        return [stored.state for stored in await self.find({"state": "pending"})]

    async def waiting(
        self, conditions: Sequence[Filter], *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[R]], str | None]:
        """One page of the pending requests that meet every condition, the oldest first."""
        query = {"$and": [{"state": "pending"}, *(each for each in conditions if each)]}
        return await self.page(query, sort="requested_at", limit=limit, cursor=cursor)
