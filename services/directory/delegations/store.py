"""The delegations, as the directory keeps them."""

from datetime import date

from contracts.envelope import EmployeeId
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.delegations.model import Delegation


class Delegations(Aggregates[Delegation]):
    """Delegations by id."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("to", 1)]), Index([("delegator", 1)])]
        super().__init__(store, "delegations", Delegation, indexes=indexes)

    async def to_person(self, person: EmployeeId, on: date) -> list[Stored[Delegation]]:
        """Those by which a person may act on a day."""
        found = await self.find({"to": person})
        return [each for each in found if each.state.holds(on)]
