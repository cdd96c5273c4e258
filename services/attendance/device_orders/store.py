"""The orders' collection: one document per machine."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Cause, Stored
from kit.storage.store import Store
from services.attendance.device_orders.model import Orders


class OrderStore:
    """Orders by machine."""

    def __init__(self, store: Store) -> None:
        self._orders: Aggregates[Orders] = Aggregates(store, "device_orders", Orders)

    async def of(self, serial: str) -> Orders:
        """The orders of a machine."""
        stored = await self._orders.get(serial)
        return stored.state if stored else Orders(serial)

    async def change(
        self,
        serial: str,
        decide: Callable[[Orders], Decision[Orders]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Orders]], BaseModel] | None = None,
        status: int = 200,
    ) -> Verdict:
        """Decide about the orders of a machine and write the outcome once."""
        return await self._orders.change(
            serial,
            lambda known: decide(known or Orders(serial)),
            cause,
            answer=answer,
            status=status,
        )

    async def hand_over(self, serial: str, cause: Cause) -> Orders:
        """Note that what is due is sent now; the orders before that."""
        before = await self.of(serial)
        if before.due(cause.at):
            await self.change(serial, lambda orders: orders.sent(cause.at), cause)
        return before
