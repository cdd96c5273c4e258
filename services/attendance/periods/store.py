"""Agencies' months: one document for each that was ever to be locked, all of them in memory."""

from collections.abc import Callable, Mapping

from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from kit.clock import now
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from services.attendance.periods.model import AgencyPeriod, period_id


class PeriodStore:
    """The months that are locked, were, or are about to be."""

    def __init__(self, store: Store) -> None:
        self._periods: Aggregates[AgencyPeriod] = Aggregates(
            store, "periods", AgencyPeriod, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._periods, lambda stored: stored.state)

    async def get(self, agency: str, period: str) -> Stored[AgencyPeriod] | None:
        """An agency's month as it is stored, or None if nobody ever asked to lock it."""
        return await self._periods.get(period_id(agency, period))

    async def all(self) -> Mapping[str, AgencyPeriod]:
        """The months by their ids, as far as this process knows them."""
        return await self._memory.all()

    async def known(self, agency: str, period: str) -> AgencyPeriod | None:
        """An agency's month, as far as this process knows it."""
        return (await self.all()).get(period_id(agency, period))

    async def change(
        self,
        agency: str,
        period: str,
        decide: Callable[[AgencyPeriod], Decision[AgencyPeriod]],
        cause: AnyCause,
    ) -> None:
        """Decide about a month and write the outcome once."""
        blank = AgencyPeriod(AgencyCode(agency), period, now())
        await self._periods.change(blank.id, lambda known: decide(known or blank), cause)
        await self._memory.written()
