"""The reviews' collection, and which days have been looked at."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.clock import now
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.reviews.model import Review

_PASSES_KEPT_S = 400 * 24 * 3_600


class ReviewStore:
    """Reviews by id, and the passes over the days of the city."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("agency", 1), ("state", 1)]), Index([("employee", 1)])]
        self._reviews: Aggregates[Review] = Aggregates(store, "reviews", Review, indexes=indexes)
        expiring = [Index([("at", 1)], expire_after_s=_PASSES_KEPT_S)]
        self._passes = store.collection("review_passes", indexes=expiring)

    async def get(self, id_: str) -> Stored[Review] | None:
        """One review, or None."""
        return await self._reviews.get(id_)

    async def count_open(self, agency: str, period: str) -> int:
        """How many of an agency's month nobody has decided about."""
        return await self._reviews.count({"agency": agency, "state": "open", "period": period})

    async def page(
        self, query: Mapping[str, Any], *, sort: str, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Review]], str | None]:
        """A page of the reviews that match."""
        return await self._reviews.page(query, sort=sort, limit=limit, cursor=cursor)

    async def change(
        self,
        id_: str,
        decide: Callable[[Review | None], Decision[Review]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Review]], BaseModel] | None = None,
    ) -> Verdict:
        """Decide about a review and write the outcome once."""
        return await self._reviews.change(id_, decide, cause, answer=answer)

    async def was_passed(self, on: date) -> bool:
        """Whether this day's captures have been looked at."""
        return await self._passes.find_one({"_id": on.isoformat()}) is not None

    async def passed(self, on: date, captures: int, findings: int) -> None:
        """This day's captures have been looked at."""
        await self._passes.insert_one(
            {"_id": on.isoformat(), "captures": captures, "findings": findings, "at": now()}
        )
