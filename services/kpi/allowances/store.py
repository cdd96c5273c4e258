"""The city's rule of allowances, and what was confirmed by it."""

from kit.storage.aggregates import Aggregates
from kit.storage.store import Store
from services.kpi.allowances.model import Confirmed, Rules

RULES = "city"


class Allowances:
    """The versions of the rule in one document; what was confirmed by ``<agency>:<month>``."""

    def __init__(self, store: Store) -> None:
        self.rules: Aggregates[Rules] = Aggregates(store, "allowance_rules", Rules)
        self.confirmed: Aggregates[Confirmed] = Aggregates(store, "allowances", Confirmed)

    async def current(self) -> Rules:
        """The versions as they stand."""
        stored = await self.rules.get(RULES)
        return stored.state if stored else Rules()


def confirmed_id(agency: str, period: str) -> str:
    """The id of what was confirmed for an agency's month."""
    return f"{agency}:{period}"
