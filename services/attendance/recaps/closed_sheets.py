"""What was closed, kept as it was: the days of an agency and date in one revision of a lock."""

from collections.abc import Sequence
from datetime import date

import orjson

from kit.storage.connection import Document
from kit.storage.store import Store
from services.attendance.recaps.sheets import days_of_sheet, rows_of


class ClosedSheets:
    """Sheets by agency, date and revision; they are read when a revision is asked for."""

    def __init__(self, store: Store, fields: Sequence[str]) -> None:
        self._sheets = store.collection("closed_sheets")
        self._fields = fields

    async def put(self, agency: str, on: date, revision: int, days: Sequence[Document]) -> None:
        """Keep the days that a lock holds; the same lock writes the same."""
        sheet = {
            "fields": list(self._fields),
            "rows": rows_of(self._fields, days),
            "marks": orjson.dumps(
                [[day["_id"], day["locked"]["sequence"]] for day in days]
            ).decode(),
        }
        await self._sheets.update_one(
            {"_id": _key(agency, on, revision)}, {"$set": sheet}, upsert=True
        )

    async def marks_of(
        self, agency: str, dates: Sequence[date], revision: int
    ) -> list[tuple[str, int]]:
        """Each day that a lock holds, and the sequence of the event that told of it."""
        sheets = await self._of(agency, dates, revision)
        return [(id_, sequence) for one in sheets for id_, sequence in orjson.loads(one["marks"])]

    async def of(self, agency: str, dates: Sequence[date], revision: int) -> list[Document]:
        """The days that a lock held, as documents."""
        sheets = await self._of(agency, dates, revision)
        return [day for sheet in sheets for day in days_of_sheet(sheet)]

    async def _of(self, agency: str, dates: Sequence[date], revision: int) -> list[Document]:
        keys = [_key(agency, on, revision) for on in dates]
        found = await self._sheets.find({"_id": {"$in": keys}})
        return sorted(found, key=lambda one: str(one["_id"]))


def _key(agency: str, on: date, revision: int) -> str:
    return f"{agency}:{on}:{revision}"
