"""The offline days' collection: one document per person and month."""

from datetime import date

from kit.storage.aggregates import Aggregates, AnyCause
from kit.storage.store import Store
from services.attendance.offline_days.model import OfflineDays


class OfflineDayStore:
    """Which days of whom have a place; asking twice makes no difference."""

    def __init__(self, store: Store) -> None:
        self._months: Aggregates[OfflineDays] = Aggregates(
            store, "offline_days", OfflineDays, receipts=False
        )

    async def take(self, employee: str, on: date, most: int, cause: AnyCause) -> bool:
        """Whether captures of this day count, as one of the month's ``most`` days."""
        id_ = f"{employee}:{on:%Y-%m}"
        await self._months.change(id_, lambda known: (known or OfflineDays()).take(on, most), cause)
        stored = await self._months.get(id_)
        return stored is not None and on in stored.state.days
