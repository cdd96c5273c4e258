"""The imports that were made, as the directory keeps them: what was taken over and what was not."""

from dataclasses import dataclass
from datetime import datetime

from contracts.people import RejectedRow
from kit.storage.aggregates import Aggregates
from kit.storage.store import Store


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was taken over."""

    account: str
    at: datetime
    accepted: int
    unchanged: int
    rejected: tuple[RejectedRow, ...]


class Imports(Aggregates[Import]):
    """Imports by the id of their command."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "imports", Import)
