"""The objections' collection: one document per person and day."""

from kit.ids import derived_id
from kit.storage.store import Store
from services.attendance.objections.model import Objection
from services.attendance.requests.store import RequestStore


class ObjectionStore(RequestStore[Objection]):
    """Objections by id."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "objections", Objection)


def objection_id(day: str) -> str:
    """The id of the objection to a day; there can be only one."""
    return derived_id("objection", day)
