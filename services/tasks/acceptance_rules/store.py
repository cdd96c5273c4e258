"""Agencies' rules of acceptance: one document per agency, all of them in memory."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from rules.agencies import AgencyTree
from services.tasks.acceptance_rules.model import AgencyRules, RuleBook


class AcceptanceRules:
    """The rules of each agency that has entered some."""

    def __init__(self, store: Store) -> None:
        self._rules: Aggregates[AgencyRules] = Aggregates(
            store, "acceptance_rules", AgencyRules, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._rules, lambda stored: stored.state.versions)

    async def get(self, agency: str) -> Stored[AgencyRules] | None:
        """What an agency has entered, as it stands."""
        return await self._rules.get(agency)

    async def change(
        self,
        agency: str,
        decide: Callable[[AgencyRules | None], Decision[AgencyRules]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[AgencyRules]], BaseModel],
        status: int,
    ) -> Verdict:
        """Decide about an agency's rules and write the outcome once."""
        verdict = await self._rules.change(agency, decide, cause, answer=answer, status=status)
        await self._memory.written()
        return verdict

    async def book(self, tree: AgencyTree) -> RuleBook:
        """Everything entered, a few seconds behind other processes."""
        return RuleBook(await self._memory.all(), tree)
