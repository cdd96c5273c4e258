"""The settlements' collection; a settlement has the key of its day."""

from collections.abc import Callable

from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, Cause, Stored
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.days.model import Day
from services.attendance.periods.settlements import Settlement


class SettlementStore:
    """Settlements by day."""

    def __init__(self, store: Store) -> None:
        self._settlements: Aggregates[Settlement] = Aggregates(
            store,
            "settlements",
            Settlement,
            indexes=[Index([("agency", 1), ("period", 1)])],
            receipts=False,
        )

    async def get(self, id_: str) -> Stored[Settlement] | None:
        """The settlement of a day, or None."""
        return await self._settlements.get(id_)

    async def change(self, day: Day, decide: Callable[[Settlement], Decision[Settlement]]) -> None:
        """Decide about the settlement of a day; the same again changes nothing."""
        period = day.locked.period if day.locked else f"{day.date:%Y-%m}"
        blank = Settlement.of(day, period)
        cause = Cause.timer("attendance", "settle", day.id)
        await self._settlements.change(day.id, lambda known: decide(known or blank), cause)

    async def of_agency(self, agency: str, *, before: str | None = None) -> list[Settlement]:
        """Everything that became of an agency's closed months (before this one), by day."""
        wanted: Document = {"agency": agency}
        if before is not None:
            wanted["period"] = {"$lt": before}
        found = await self._settlements.find(wanted, sort=[("_id", 1)])
        return [stored.state for stored in found]

    async def of_period(self, agency: str, period: str) -> list[Settlement]:
        """What became of an agency's closed month, by day."""
        wanted = {"agency": agency, "period": period}
        return [stored.state for stored in await self._settlements.find(wanted)]

    async def page(
        self, conditions: Document, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Settlement]], str | None]:
        """A page of the settlements that match, by day."""
        return await self._settlements.page(conditions, limit=limit, cursor=cursor)
