"""Measurements and keys; the only file that knows their collections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.measurements import MeasurementsImported
from contracts.outcome import Decision
from contracts.paging import Paging
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.kpi.measurements.keys import Key
from services.kpi.measurements.model import Measurement


class Measurements:
    """What was measured, one document per indicator, subject and month."""

    def __init__(self, store: Store) -> None:
        self._measured: Aggregates[Measurement] = Aggregates(
            store,
            "measurements",
            Measurement,
            indexes=[Index([("agency", 1)]), Index([("subject", 1)]), Index([("period", 1)])],
        )

    async def get_many(self, ids: Sequence[str]) -> Mapping[str, Stored[Measurement]]:
        """Those of these that exist."""
        return await self._measured.get_many(ids)

    async def change(
        self,
        id_: str,
        decide: Callable[[Measurement | None], Decision[Measurement]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Measurement]], BaseModel] | None = None,
        status: int = 201,
    ) -> Verdict:
        """Decide about a measurement and write the outcome once."""
        return await self._measured.change(id_, decide, cause, answer=answer, status=status)

    async def of_agency(self, agency: str, month: str) -> list[Stored[Measurement]]:
        """What was measured in an agency in a month."""
        return await self._measured.find({"agency": agency, "period": month})

    async def page(
        self, wanted: Mapping[str, Any], paging: Paging
    ) -> tuple[list[Stored[Measurement]], str | None]:
        """A page of those that match, by indicator, subject and month."""
        return await self._measured.page(
            wanted, sort="_id", limit=paging.limit, cursor=paging.cursor
        )


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was taken, and what became of it."""

    by: str
    at: datetime
    told: MeasurementsImported


class Imports(Aggregates[Import]):
    """Files that were taken, by the id of their command."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "measurement_imports", Import)


class Keys:
    """The keys of systems that measure."""

    def __init__(self, store: Store) -> None:
        self._keys: Aggregates[Key] = Aggregates(store, "measurement_keys", Key)

    async def get(self, id_: str) -> Stored[Key] | None:
        """A key, or None."""
        return await self._keys.get(id_)

    async def change(
        self,
        id_: str,
        decide: Callable[[Key | None], Decision[Key]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Key]], BaseModel] | None = None,
    ) -> Verdict:
        """Decide about a key and write the outcome once."""
        return await self._keys.change(id_, decide, cause, answer=answer)

    async def page(self, paging: Paging) -> tuple[list[Stored[Key]], str | None]:
        """A page of the keys, the newest first."""
        return await self._keys.page({}, sort="-_id", limit=paging.limit, cursor=paging.cursor)
