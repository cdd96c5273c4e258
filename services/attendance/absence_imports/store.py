"""The imports that were made: who brought a file when, what was taken over and what was not."""

from dataclasses import dataclass
from datetime import datetime

from contracts.people import RejectedRow
from kit.storage.aggregates import Aggregates
from kit.storage.store import Store


@dataclass(frozen=True, slots=True)
class AbsenceImport:
    """A file that was taken over."""

    account: str
    at: datetime
    accepted: int
    unchanged: int
    rejected: tuple[RejectedRow, ...]


class AbsenceImports(Aggregates[AbsenceImport]):
    """Imports by the id of their command."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "absence_imports", AbsenceImport)
