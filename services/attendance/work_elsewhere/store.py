"""Days of work elsewhere, and the places of an agency and day."""

from datetime import date

from kit.storage.aggregates import Aggregates, AnyCause
from kit.storage.store import Store
from services.attendance.requests.store import RequestStore
from services.attendance.work_elsewhere.model import Places, WorkElsewhere


class ElsewhereStore(RequestStore[WorkElsewhere]):
    """Days of work elsewhere by id."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "work_elsewhere", WorkElsewhere)
        self._places: Aggregates[Places] = Aggregates(
            store, "work_elsewhere_places", Places, receipts=False
        )

    async def take_place(
        self, agency: str, on: date, request: str, most: int, cause: AnyCause
    ) -> None:
        """Take a place of the agency's quota; raises the refusal where there is none."""
        await self._places.change(
            f"{agency}:{on}", lambda known: (known or Places()).take(request, most), cause
        )

    async def give_back(self, agency: str, on: date, request: str, cause: AnyCause) -> None:
        """Give a place back."""
        await self._places.change(
            f"{agency}:{on}", lambda known: (known or Places()).give_back(request), cause
        )
