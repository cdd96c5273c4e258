"""The documents of help requests, their indexes and queries, and the counter of their numbers."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision, Refusal
from kit.storage.aggregates import Aggregates, AnyCause, Cause, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from rules.words import words
from rules.working_time import WIB, zone
from services.tasks.help_requests.model import HelpRequest
from services.tasks.help_requests.transitions import STATES, is_final
from services.tasks.help_requests.watching import keep_watch
from services.tasks.own_copies.store import Directory

_SORTABLE = frozenset({"requested_at", "due", "number", "state"})
_NEWEST_FIRST = "-requested_at"
_MOST_LATE = 2_000
_MOST_LOOKED_AT = 500
_UNDER_WAY = [state for state in STATES if not is_final(state)]

Filter = Mapping[str, Any]


class HelpRequests(Aggregates[HelpRequest]):
    """All help requests, and the numbers given to them.

    Whatever changes one, its clocks stay under watch by the hours of now.
    """

    def __init__(self, store: Store, directory: Directory) -> None:
        super().__init__(
            store,
            "help_requests",
            HelpRequest,
            indexes=[
                Index([("number", 1)], unique=True),
                Index([("rings_at", 1)]),
                Index([("state", 1)]),
                Index([("digests", 1)]),
                Index([("requested_at", -1)]),
                Index([("asking_agency", 1)]),
                Index([("involved", 1)]),
                Index([("participants", 1)]),
                Index([("words", 1)]),
            ],
        )
        self._numbers = store.collection("numbers")
        self._directory = directory

    async def change(
        self,
        id_: str,
        decide: Callable[[HelpRequest | None], Decision[HelpRequest]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[HelpRequest]], BaseModel] | None = None,
        status: int = 200,
        if_match: int | None = None,
        before: Coroutine[Any, Any, None] | None = None,
        stale: Callable[[Stored[HelpRequest], int], Mapping[str, Any]] | None = None,
    ) -> Verdict:
        """Decide on the newest state, keep its clocks under watch, write once for this cause."""
        city, at = await self._directory.city(), Cause.of(cause).at

        def watched(request: HelpRequest | None) -> Decision[HelpRequest]:
            return keep_watch(request, decide(request), city, at)

        return await super().change(
            id_,
            watched,
            cause,
            answer=answer,
            status=status,
            if_match=if_match,
            before=before,
            stale=stale,
        )

    async def next_number(self, at: datetime) -> str:
        """The next number of the year: never given twice, a number may stay unused."""
        year = at.astimezone(zone(WIB)).year
        key = f"help-requests/{year}"
        taken = await self._numbers.find_one_and_update({"_id": key}, {"$inc": {"last": 1}})
        while taken is None:
            await self._numbers.insert_one({"_id": key, "last": 0})
            taken = await self._numbers.find_one_and_update({"_id": key}, {"$inc": {"last": 1}})
        return f"SBT/{year}/{taken['last']:06d}"

    async def due_timers(self, at: datetime, limit: int) -> list[Stored[HelpRequest]]:
        """Requests whose timer has come, the longest overdue first."""
        due = {"rings_at": {"$gt": datetime(1970, 1, 1, tzinfo=UTC), "$lte": at}}
        return await self.find(due, sort=[("rings_at", 1)], limit=limit)

    async def in_digest_of(self, agency: str) -> list[Stored[HelpRequest]]:
        """Late requests that have come up to an agency at the top."""
        return await self.find({"digests": agency}, limit=_MOST_LATE)

    async def open_of(self, agencies: Iterable[str]) -> list[Stored[HelpRequest]]:
        """Requests under way that these agencies ask, are asked or help with."""
        whose = {"involved": {"$in": sorted(agencies)}, "state": {"$in": _UNDER_WAY}}
        return await self.find(whose, limit=_MOST_LATE)

    async def open_with(self, people: Iterable[str]) -> list[Stored[HelpRequest]]:
        """Requests under way on which these people are."""
        named = sorted(set(people))
        whose = {"participants": {"$in": named}, "state": {"$in": _UNDER_WAY}}
        return await self.find(whose, limit=_MOST_LATE) if named else []

    async def confirmed_about(self, skills: Iterable[str]) -> list[Stored[HelpRequest]]:
        """Confirmed requests that have a word of one of these skills."""
        named = sorted({word for skill in skills for word in words(skill)})
        done = {"words": {"$in": named}, "state": "confirmed"}
        return await self.find(done, limit=_MOST_LOOKED_AT)

    async def helping_counts(self) -> dict[str, int]:
        """How many requests under way each agency helps with."""
        found = await self.collection.aggregate(
            [
                {"$match": {"state": {"$in": ["clarifying", "accepted", "in_progress"]}}},
                {"$unwind": "$parts"},
                {"$group": {"_id": "$parts.agency", "count": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["count"] for each in found}

    async def under_way(self, at_once: int) -> AsyncIterator[list[Stored[HelpRequest]]]:
        """Every request that has not ended, so many at a time."""
        found = await self.collection.find({"state": {"$in": _UNDER_WAY}}, projection={"_id": 1})
        ids = [document["_id"] for document in found]
        for first in range(0, len(ids), at_once):
            yield list((await self.get_many(ids[first : first + at_once])).values())

    async def listed(
        self, conditions: list[Filter], *, sort: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Stored[HelpRequest]], str | None]:
        """One page of the requests that meet every condition."""
        order = sort or _NEWEST_FIRST
        if order.lstrip("-") not in _SORTABLE:
            raise Refusal.invalid("/sort", f"one of {', '.join(sorted(_SORTABLE))}, or with -")
        meaningful = [condition for condition in conditions if condition]
        query: Filter = {"$and": meaningful} if meaningful else {}
        return await self.page(query, sort=order, limit=limit, cursor=cursor)


def of_agencies(asking: frozenset[str], receiving: frozenset[str], *, anyone: bool) -> Filter:
    """Requests of these askers to these receivers; an empty set asks for nothing."""
    conditions: list[Filter] = []
    if asking:
        conditions.append({"asking_agency": {"$in": sorted(asking)}})
    ways: list[Filter] = [{"to_anyone": True}] if anyone else []
    if receiving:
        still = {"agency": {"$in": sorted(receiving)}, "left": {"$ne": "handed-on"}}
        ways.append({"receivers": {"$elemMatch": still}})
    if ways:
        conditions.append({"$or": ways})
    return {"$and": conditions} if conditions else {}
