"""The versions of indicators: one document, in memory everywhere; the only file that knows it."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from services.kpi.indicators.model import SHIPPED, Book, Indicator
from services.kpi.indicators.proposals import Proposals

_ID = "indicators"


class Indicators:
    """What was entered, and the book of what rules."""

    def __init__(self, store: Store) -> None:
        self._proposals: Aggregates[Proposals] = Aggregates(
            store, "indicators", Proposals, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory[Proposals, Book](store, self._proposals, _book)
        self._shipped = Book(SHIPPED)

    async def current(self) -> Book:
        """What rules, as far as this process knows: a few seconds old at most."""
        known = (await self._memory.all()).get(_ID)
        return known or self._shipped

    async def refresh(self) -> None:
        """Know what any process has written until now."""
        await self._memory.written()

    async def versions(self) -> tuple[Indicator, ...]:
        """Every version, also those that are not approved, as it stands."""
        stored = await self._proposals.get(_ID)
        return stored.state.versions if stored else SHIPPED

    async def change(
        self,
        decide: Callable[[Proposals | None], Decision[Proposals]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Proposals]], BaseModel],
        status: int = 200,
    ) -> Verdict:
        """Decide about the versions and write the outcome once."""
        verdict = await self._proposals.change(_ID, decide, cause, answer=answer, status=status)
        await self._memory.written()
        return verdict


def _book(stored: Stored[Proposals]) -> Book:
    return Book(stored.state.versions)
