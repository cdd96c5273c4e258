"""The old system's days, under the same keys as ours."""

from datetime import date

from contracts.envelope import Command, Verdict
from contracts.reference_days import ImportReferenceDay, ReferenceDayView
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from rules.working_time import zone
from services.attendance.days.model import day_id
from services.attendance.recaps.store import Months
from services.attendance.reference_days.model import ReferenceDay, imported

_FIELDS = ("employee", "date", "agency", "first_in", "last_out", "late_minutes", "status")


class ReferenceDays:
    """Reference days by person and date; ``months`` reads them as recaps read ours."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("date", 1), ("agency", 1)])]
        self._days: Aggregates[ReferenceDay] = Aggregates(
            store, "reference_days", ReferenceDay, indexes=indexes
        )
        self.months = Months(store, "reference_days", _reference_day, fields=_FIELDS)

    async def put(
        self, command: Command[ImportReferenceDay], day: ReferenceDay, time_zone: str
    ) -> Verdict:
        """Keep a day; it replaces what was kept of it before."""
        return await self._days.change(
            day_id(day.employee, day.date),
            lambda known: imported(known, day),
            command,
            answer=lambda stored: _view(stored, time_zone),
            status=201,
        )


def _reference_day(document: Document) -> ReferenceDay:
    kept = {name: document[name] for name in _FIELDS}
    return ReferenceDay(**kept | {"date": date.fromisoformat(kept["date"])})


def _view(stored: Stored[ReferenceDay], time_zone: str) -> ReferenceDayView:
    day, local = stored.state, zone(time_zone)
    return ReferenceDayView(
        employee_id=day.employee,
        date=day.date,
        first_in=day.first_in.astimezone(local) if day.first_in else None,
        last_out=day.last_out.astimezone(local) if day.last_out else None,
        late_minutes=day.late_minutes,
        status=day.status,
        version=stored.version,
    )
