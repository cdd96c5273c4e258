"""Which check-ins wait or waited for a supervisor, from the events of their days.

The days hold the truth; this says where to look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.check_ins import HeldState
from contracts.envelope import AgencyCode, EmployeeId, Event
from kit.storage import pages
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.projections import Projections
from kit.storage.store import Store

Filter = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A check-in that waits or waited, and the key of its day."""

    check_in: str
    day: str
    employee: EmployeeId
    agency: AgencyCode
    date: date
    state: HeldState
    requested_at: datetime


class HeldCheckIns:
    """Held check-ins by their id."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("state", 1), ("agency", 1)]),
            Index([("state", 1), ("requested_at", 1)]),
            Index([("employee", 1)]),
        ]
        self._projections = Projections(store, "held_check_ins", indexes=indexes)
        self._collection = store.collection("held_check_ins", indexes=indexes)

    async def take(
        self, event: Event[Any], state: HeldState, agencies: Sequence[AgencyCode]
    ) -> None:
        """Keep what the newest event says of the check-in; ``agencies`` are the person's."""
        data = event.data
        fields = {
            "day": event.subject,
            "employee": data.employee,
            "agency": data.agency,
            "agencies": list(agencies),
            "requested_at": event.time,
            "date": data.date.isoformat(),
            "state": state,
        }
        await self._projections.put(data.check_in, event.sequence, fields)

    async def get(self, check_in: str) -> Held | None:
        """The held check-in of this id, or None."""
        document = await self._projections.get(check_in)
        return None if document is None else _held(document)

    async def count_pending(self, agency: str, first: date, last: date) -> int:
        """How many of an agency wait that lie on days between two dates."""
        dates = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        return await self._projections.count({"state": "pending", "agency": agency, "date": dates})

    async def page(
        self,
        states: Iterable[HeldState],
        concerned: Document,
        *,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Held], str | None]:
        """Those in these states that concern the one who asks, oldest day first."""
        query = {"state": {"$in": sorted(states)}, **concerned}
        found, further = await pages.page(
            self._collection, query, sort="date", limit=limit, cursor=cursor
        )
        return [_held(document) for document in found], further

    async def waiting(
        self, conditions: Sequence[Filter], *, limit: int, cursor: str | None
    ) -> tuple[list[Held], str | None]:
        """One page of those that wait and meet every condition, held the longest first."""
        query = {"$and": [{"state": "pending"}, *(each for each in conditions if each)]}
        found, further = await pages.page(
            self._collection, query, sort="requested_at", limit=limit, cursor=cursor
        )
        return [_held(document) for document in found], further


def _held(document: Document) -> Held:
    return Held(
        check_in=document["_id"],
        day=document["day"],
        employee=document["employee"],
        agency=document["agency"],
        date=date.fromisoformat(document["date"]),
        state=document["state"],
        requested_at=document["requested_at"],
    )
