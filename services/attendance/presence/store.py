"""The presence board: where each person was last, keyed by person, counted by index."""

import asyncio
import time
from datetime import date

from contracts.attendance import DayChanged
from contracts.envelope import Event
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.projections import Projections
from kit.storage.store import Store

_WAIT_S = 1.0
_STEP_S = 0.02


class PresenceBoard:
    """Where each person's newest day says they are, in whatever order the events arrive."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("office", 1), ("date", 1)], sparse=True)]
        self._projections = Projections(store, "presence", indexes=indexes)

    async def take(self, event: Event[DayChanged]) -> None:
        """Show what the day says; an older day, or an older state of it, moves nobody."""
        day = event.data
        fields: Document = {"agency": day.agency, "date": day.date.isoformat(), "at": day.moved_at}
        if day.present_in is not None:
            fields["office"] = day.present_in
        await self._projections.put(day.employee, order_of(fields["date"], event.sequence), fields)

    async def at_office(self, office: str, on: date) -> list[Document]:
        """Who is in an office."""
        return await self._projections.find({"office": office, "date": on.isoformat()})

    async def of_people(self, employees: list[str], on: date) -> list[Document]:
        """Who of these people is in some office (an index by agency would cost every check-in)."""
        found = await self._projections.get_many(employees)
        return [one for one in found.values() if _is_present(one, on)]

    async def of_person(self, employee: str, on: date) -> Document | None:
        """Where a person is on a date, or None if in no office."""
        found = await self._projections.get(employee)
        return found if found is not None and _is_present(found, on) else None

    async def wait_for(self, mark: str) -> bool:
        """Whether the board includes what ``X-Written`` names (a day), waiting up to 1 s."""
        day, _, sequence = mark.rpartition("@")
        employee, _, on = day.partition(":")
        wanted = order_of(on, int(sequence))
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            found = await self._projections.get(employee)
            if found is not None and found["order"] >= wanted:
                return True
            await asyncio.sleep(_STEP_S)
        return False


def order_of(on: str, sequence: int) -> str:
    """Later days are newer; within a day its later states."""
    return f"{on}/{sequence:08d}"


def _is_present(row: Document, on: date) -> bool:
    return row["date"] == on.isoformat() and "office" in row
