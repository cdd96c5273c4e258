"""The offices, as the directory keeps them."""

from kit.storage.aggregates import Aggregates
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.offices.model import Office


class Offices(Aggregates[Office]):
    """Offices by code."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("words", 1)]), Index([("versions.used_by", 1)])]
        super().__init__(store, "offices", Office, indexes=indexes)
