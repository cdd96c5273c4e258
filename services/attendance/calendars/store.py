"""Calendars that were entered: one document each, all of them in memory."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from rules.calendars import Calendar
from services.attendance.calendars.model import EnteredCalendar


class CalendarStore:
    """The calendars by code."""

    def __init__(self, store: Store) -> None:
        self._calendars: Aggregates[EnteredCalendar] = Aggregates(
            store, "calendars", EnteredCalendar, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._calendars, lambda stored: stored.state.ruling())

    async def get(self, code: str) -> Stored[EnteredCalendar] | None:
        """What has been entered of a calendar."""
        return await self._calendars.get(code)

    async def change(
        self,
        code: str,
        decide: Callable[[EnteredCalendar | None], Decision[EnteredCalendar]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[EnteredCalendar]], BaseModel],
        status: int = 200,
        if_match: int | None = None,
    ) -> Verdict:
        """Decide about a calendar and write the outcome once."""
        verdict = await self._calendars.change(
            code, decide, cause, answer=answer, status=status, if_match=if_match
        )
        await self._memory.written()
        return verdict

    async def all(self) -> Mapping[str, Calendar]:
        """The calendars that rule, by code, as far as this process knows them."""
        return await self._memory.all()
