"""The people, as the directory keeps them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kit.ids import derived_id
from kit.storage.aggregates import Aggregates
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.employees.model import Employee


def id_of_key(key: str) -> str:
    """The id of the person with this key of the personnel system; no look-up needed."""
    return derived_id("employee", key)


class Employees(Aggregates[Employee]):
    """People by id; a NIP belongs to one of them."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("nip", 1)], unique=True, partial={"nip": {"$type": "string"}}),
            Index([("words", 1)]),
            Index([("name", 1)]),
            Index([("assignments.agency", 1)]),
        ]
        super().__init__(store, "employees", Employee, indexes=indexes)

    async def holders(self, nips: set[str]) -> dict[str, str]:
        """Which of these NIPs belong to whom, by NIP."""
        found = await self.collection.find({"nip": {"$in": sorted(nips)}}, projection={"nip": 1})
        return {each["nip"]: each["_id"] for each in found}


def main_in(agencies: list[str], on: date) -> Mapping[str, Any]:
    """The condition that a person's main post of a day is in one of these agencies."""
    day = on.isoformat()
    return {
        "assignments": {
            "$elemMatch": {
                "agency": {"$in": agencies},
                "main": True,
                "from_": {"$lte": day},
                "$or": [{"until": None}, {"until": {"$gte": day}}],
            }
        }
    }
