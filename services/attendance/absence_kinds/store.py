"""Kinds of absence that were entered: one document per kind, all of them in memory."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from services.attendance.absence_kinds.model import EnteredKind, Kind, shipped


class AbsenceKindStore:
    """The kinds by code, a few seconds behind what is stored."""

    def __init__(self, store: Store) -> None:
        self._kinds: Aggregates[EnteredKind] = Aggregates(
            store, "absence_kinds", EnteredKind, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._kinds, lambda stored: stored.state.versions)

    async def change(
        self,
        code: str,
        decide: Callable[[EnteredKind | None], Decision[EnteredKind]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[EnteredKind]], BaseModel],
    ) -> Verdict:
        """Decide about a kind and write the outcome once."""
        verdict = await self._kinds.change(code, decide, cause, answer=answer, status=201)
        await self._memory.written()
        return verdict

    async def all(self) -> tuple[Kind, ...]:
        """Every version: those of the release, and those that were entered."""
        entered = (await self._memory.all()).values()
        return (*shipped(), *(version for versions in entered for version in versions))
