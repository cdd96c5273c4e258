"""The bookings' collection: one document per person."""

from collections.abc import Iterable

from kit.storage.aggregates import Aggregates, AnyCause
from kit.storage.store import Store
from services.attendance.bookings.model import Booking, Bookings


class BookingStore:
    """What of whose time is spoken for; taking or giving back twice makes no difference."""

    def __init__(self, store: Store) -> None:
        self._bookings: Aggregates[Bookings] = Aggregates(
            store, "bookings", Bookings, receipts=False
        )

    async def of_many(self, employees: Iterable[str]) -> dict[str, Bookings]:
        """Everything booked of these people."""
        found = await self._bookings.get_many(employees)
        return {id_: stored.state for id_, stored in found.items()}

    async def book(
        self,
        employee: str,
        one: Booking,
        cause: AnyCause,
        *,
        most_a_week: int | None = None,
        zone_name: str = "Asia/Jakarta",
    ) -> None:
        """Take the time for a request; raises the refusal where it is taken."""
        await self._bookings.change(
            employee,
            lambda known: (known or Bookings(employee)).book(
                one, most_a_week=most_a_week, zone_name=zone_name
            ),
            cause,
        )

    async def free(self, employee: str, id_: str, cause: AnyCause) -> None:
        """Give the time of a request back."""
        await self._bookings.change(
            employee, lambda known: (known or Bookings(employee)).free(id_), cause
        )
