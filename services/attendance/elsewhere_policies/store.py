"""Policies of work elsewhere: one document per agency, all of them in memory."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from services.attendance.elsewhere_policies.model import AgencyElsewhere, ElsewherePolicy


class ElsewherePolicyStore:
    """The versions by agency."""

    def __init__(self, store: Store) -> None:
        self._policies: Aggregates[AgencyElsewhere] = Aggregates(
            store, "elsewhere_policies", AgencyElsewhere, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._policies, lambda stored: stored.state.versions)

    async def get(self, agency: str) -> Stored[AgencyElsewhere] | None:
        """What an agency has entered, as it stands."""
        return await self._policies.get(agency)

    async def change(
        self,
        agency: str,
        decide: Callable[[AgencyElsewhere | None], Decision[AgencyElsewhere]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[AgencyElsewhere]], BaseModel],
    ) -> Verdict:
        """Decide about an agency's policy and write the outcome once."""
        verdict = await self._policies.change(agency, decide, cause, answer=answer, status=201)
        await self._memory.written()
        return verdict

    async def all(self) -> Mapping[str, tuple[ElsewherePolicy, ...]]:
        """The versions by agency, as far as this process knows them."""
        return await self._memory.all()
