"""The corrections' collection."""

from datetime import date

from kit.storage.store import Store
from services.attendance.corrections.model import Correction
from services.attendance.requests.store import Filter, RequestStore


class CorrectionStore(RequestStore[Correction]):
    """Corrections by id."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "corrections", Correction)


def between(first: date | None, last: date | None) -> list[Filter]:
    """Corrections of the days between two dates."""
    found: list[Filter] = []
    if first is not None:
        found.append({"date": {"$gte": first.isoformat()}})
    if last is not None:
        found.append({"date": {"$lte": last.isoformat()}})
    return found
