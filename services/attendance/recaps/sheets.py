"""Sheets: the days of one agency and date as one text, so that a recap reads few documents.

A sheet is made from the days once their date is over, and again whenever one of them changes. What
is marked as changed is read from the days themselves until its sheet is made anew, so a sheet never
answers for more than the moment between a change and its mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import orjson

from kit.storage.connection import Document
from kit.storage.ledger import Marks
from kit.storage.store import Store

_MOST_MARKS = 1_000


class Sheets:
    """Sheets by agency and date, and which of them must be made anew."""

    def __init__(self, store: Store, fields: Sequence[str]) -> None:
        self._sheets = store.collection("recap_sheets")
        self._marks = Marks(store, "recap_sheet_marks")
        self._fields = fields

    async def mark(self, keys: Iterable[tuple[date, str]]) -> None:
        """Days of these dates and agencies have changed."""
        if marked := [f"{agency}:{on}" for on, agency in keys]:
            await self._marks.add(*marked)

    async def marked(self, limit: int = _MOST_MARKS) -> tuple[set[str], list[str]]:
        """The sheets that must be made anew, and the marks that say so."""
        return await self._marks.take(limit)

    async def done(self, marks: Sequence[str]) -> None:
        """What these marks named has been made anew."""
        await self._marks.done(marks)

    async def put(self, key: str, days: Sequence[Document]) -> None:
        """Make a sheet of the days of an agency and date."""
        sheet = {"fields": list(self._fields), "rows": rows_of(self._fields, days)}
        await self._sheets.update_one({"_id": key}, {"$set": sheet}, upsert=True)

    async def of(self, agency: str, dates: Sequence[date]) -> Mapping[date, list[Document]]:
        """The sheets of an agency that stand and are not marked, as documents of days."""
        by_key = {f"{agency}:{on}": on for on in dates}
        pending, marks = await self.marked()
        if len(marks) == _MOST_MARKS:
            return {}  # there may be more marks than were read: none can be trusted
        found = await self._sheets.find({"_id": {"$in": sorted(by_key.keys() - pending)}})
        return {by_key[one["_id"]]: days_of_sheet(one) for one in found}


def rows_of(fields: Sequence[str], days: Sequence[Document]) -> str:
    """These fields of the days as one text."""
    return orjson.dumps([[_plain(day.get(name)) for name in fields] for day in days]).decode()


def days_of_sheet(sheet: Document) -> list[Document]:
    """The days of a sheet as documents."""
    fields = sheet["fields"]
    days = [dict(zip(fields, row, strict=True)) for row in orjson.loads(sheet["rows"])]
    for day in days:
        for name in ("first_in", "last_out"):
            day[name] = None if day[name] is None else datetime.fromisoformat(day[name])
    return days


def _plain(value: object) -> object:
    """What JSON can hold; of what was decided elsewhere the kinds, of a lock what it says."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [{"type": one["type"], "kind": one.get("kind")} for one in value]
    if isinstance(value, dict):
        return {name: value[name] for name in ("period", "revision", "sequence")}
    return value
