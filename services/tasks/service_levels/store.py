"""Agencies' service levels: one document per agency, all of them in memory."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from rules.agencies import AgencyTree
from services.tasks.service_levels.model import AgencyLevels
from services.tasks.service_levels.targets import LevelBook


class ServiceLevels:
    """The service levels of each agency that has entered some."""

    def __init__(self, store: Store) -> None:
        self._levels: Aggregates[AgencyLevels] = Aggregates(
            store, "service_levels", AgencyLevels, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._levels, lambda stored: stored.state.versions)
        self._book: tuple[object, AgencyTree, LevelBook] | None = None

    async def get(self, agency: str) -> Stored[AgencyLevels] | None:
        """What an agency has entered, as it stands."""
        return await self._levels.get(agency)

    async def change(
        self,
        agency: str,
        decide: Callable[[AgencyLevels | None], Decision[AgencyLevels]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[AgencyLevels]], BaseModel],
        status: int,
    ) -> Verdict:
        """Decide about an agency's service levels and write the outcome once."""
        verdict = await self._levels.change(agency, decide, cause, answer=answer, status=status)
        await self._memory.written()
        return verdict

    async def book(self, tree: AgencyTree) -> LevelBook:
        """Everything entered, a few seconds behind other processes."""
        entered = await self._memory.all()
        if self._book is None or self._book[0] is not entered or self._book[1] is not tree:
            self._book = (entered, tree, LevelBook(entered, tree))
        return self._book[2]
