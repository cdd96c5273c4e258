"""The absences' collection."""

from datetime import date

from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.absences.model import Absence
from services.attendance.requests.store import Filter, RequestStore


class AbsenceStore(RequestStore[Absence]):
    """Absences by id."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "absences", Absence, indexes=[Index([("stretch.last", 1)])])


def between(first: date | None, last: date | None) -> list[Filter]:
    """Absences that touch the days between two dates."""
    found: list[Filter] = []
    if first is not None:
        found.append({"stretch.last": {"$gte": first.isoformat()}})
    if last is not None:
        found.append({"stretch.first": {"$lte": last.isoformat()}})
    return found
