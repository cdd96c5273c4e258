"""Agencies' policies: one document per agency, all of them in memory."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from services.attendance.policies.model import AgencyPolicy


class PolicyStore:
    """The policy of each agency that has entered one."""

    def __init__(self, store: Store) -> None:
        self._policies: Aggregates[AgencyPolicy] = Aggregates(
            store, "policies", AgencyPolicy, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._policies, lambda stored: stored.state)

    async def get(self, agency: str) -> Stored[AgencyPolicy] | None:
        """What an agency has entered, as it stands."""
        return await self._policies.get(agency)

    async def change(
        self,
        agency: str,
        decide: Callable[[AgencyPolicy | None], Decision[AgencyPolicy]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[AgencyPolicy]], BaseModel],
        status: int,
    ) -> Verdict:
        """Decide about an agency's policy and write the outcome once."""
        verdict = await self._policies.change(agency, decide, cause, answer=answer, status=status)
        await self._memory.written()
        return verdict

    async def all(self) -> Mapping[str, AgencyPolicy]:
        """The policies by agency, as far as this process knows them."""
        return await self._memory.all()
