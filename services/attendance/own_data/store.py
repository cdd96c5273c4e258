"""What is kept of one person, wherever attendance keeps it, as plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import JsonValue

from contracts.own_data import ExportSection
from kit.clock import now
from kit.storage import pages
from kit.storage.connection import Document
from kit.storage.store import Store
from services.attendance.days.model import day_id

PAGE = 200
_DAYS_AT_ONCE = 90
_PLUMBING = frozenset({"receipts", "outbox", "schema", "order", "written_at", "verdict"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a part lies: the collection and the field that names the person."""

    collection: str
    field: str


KEPT: Mapping[ExportSection, Kept] = {
    "person": Kept("people", "_id"),
    "absences": Kept("absences", "employee"),
    "corrections": Kept("corrections", "employee"),
    "objections": Kept("objections", "employee"),
    "work_elsewhere": Kept("work_elsewhere", "employee"),
    "refused_check_ins": Kept("refusals", "employee"),
    "held_check_ins": Kept("held_check_ins", "employee"),
    "reviews": Kept("reviews", "employee"),
    "recomputations": Kept("job_rows", "row.employee_id"),
    "looks": Kept("access_log", "people"),
}
_BY_DATE: Mapping[ExportSection, str] = {"days": "days", "reference_days": "reference_days"}


class PersonalData:
    """The parts of a person's data, page by page."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._positions = store.collection("positions")

    async def page(
        self, section: ExportSection, employee: str, since: date, cursor: str | None
    ) -> tuple[list[dict[str, JsonValue]], str | None]:
        """A page of one part and the cursor of the next; nothing is older than ``since``."""
        if section == "positions":
            # no index leads there, since it would cost every check-in: all are looked through
            found, following = await self._positions.find({"employee": employee}), None
        elif section in _BY_DATE:
            found, following = await self._dated(_BY_DATE[section], employee, since, cursor)
        else:
            kept = KEPT[section]
            found, following = await pages.page(
                self._store.database.collection(kept.collection),
                {kept.field: employee},
                limit=PAGE,
                cursor=cursor,
            )
        return [_plain(document) for document in found], following

    async def _dated(
        self, collection: str, employee: str, since: date, cursor: str | None
    ) -> tuple[list[Document], str | None]:
        """Some months at a time, by their keys; the cursor is the next date."""
        first = date.fromisoformat(cursor) if cursor else since
        dates = [first + timedelta(days=number) for number in range(_DAYS_AT_ONCE)]
        keys = [day_id(employee, on) for on in dates]
        found = await self._store.database.collection(collection).find({"_id": {"$in": keys}})
        following = dates[-1] + timedelta(days=1)
        more = following <= now().date() + timedelta(days=1)
        found.sort(key=lambda document: str(document["_id"]))
        return found, following.isoformat() if more else None

    async def forget_positions(self, employee: str) -> int:
        """Delete every exact position of a person; how many there were."""
        return await self._positions.delete_many({"employee": employee})


def _plain(document: Document) -> dict[str, JsonValue]:
    """The document as JSON, without what only the plumbing needs."""
    kept = {("id" if key == "_id" else key): value for key, value in document.items()}
    plain: dict[str, JsonValue] = json.loads(
        json.dumps(
            {key: value for key, value in kept.items() if key not in _PLUMBING}, default=_text
        )
    )
    return plain


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
