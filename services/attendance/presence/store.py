"""The presence board: where each person was last, keyed by person, counted by index."""

import asyncio
import time
from datetime import datetime

from contracts.attendance import CheckInRecorded
from contracts.envelope import Event
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.projections import Projections
from kit.storage.store import Store

_WAIT_S = 1.0
_STEP_S = 0.02


class PresenceBoard:
    """Who was last seen where; only the newest movement counts, in whatever order it arrives."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("office", 1), ("date", 1)], sparse=True)]
        self._projections = Projections(store, "presence", indexes=indexes)

    async def take(self, event: Event[CheckInRecorded]) -> None:
        """Move a person; an earlier moment that comes late moves nobody."""
        data = event.data
        fields: Document = {
            "agency": data.agency,
            "date": data.date.isoformat(),
            "at": data.at,
            "present": data.direction == "in",
        }
        if data.direction == "in":
            fields["office"] = data.office
        await self._projections.put(data.employee, order_of(data.at, event.sequence), fields)

    async def at_office(self, office: str, date: str) -> list[Document]:
        """Who is in an office."""
        return await self._projections.find({"office": office, "date": date})

    async def of_people(self, employees: list[str], date: str) -> list[Document]:
        """Who of these people is in some office (an index by agency would cost every check-in)."""
        found = await self._projections.get_many(employees)
        return [one for one in found.values() if one["date"] == date and one["present"]]

    async def of_person(self, employee: str, date: str) -> Document | None:
        """Where a person is on a date, or None if in no office."""
        found = await self._projections.get(employee)
        if found is None or found["date"] != date or not found["present"]:
            return None
        return found

    async def wait_for(self, employee: str, moment: datetime) -> bool:
        """Whether the board has seen the person's movement of that moment, waiting up to 1 s."""
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            found = await self._projections.get(employee)
            if found is not None and found["at"] >= moment:
                return True
            await asyncio.sleep(_STEP_S)
        return False


def order_of(at: datetime, sequence: int) -> str:
    """Later moments are newer; of equal ones the later recorded."""
    return f"{round(at.timestamp() * 1_000):015d}/{sequence:06d}"
