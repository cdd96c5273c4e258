"""The agencies and their tree, as the directory keeps them."""

import time

from kit.storage.aggregates import Aggregates
from kit.storage.migrations import Index
from kit.storage.store import Store
from rules.agencies import AgencyTree
from services.directory.agencies.model import Agency

_FRESH_S = 2.0


class Agencies(Aggregates[Agency]):
    """Agencies by code."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("words", 1)]), Index([("name", 1)])]
        super().__init__(store, "agencies", Agency, indexes=indexes)
        self._tree = AgencyTree({})
        self._read_at = float("-inf")

    async def tree(self) -> AgencyTree:
        """The tree, at most two seconds old: another replica may have changed it."""
        if time.monotonic() - self._read_at > _FRESH_S:
            return await self.tree_now()
        return self._tree

    async def tree_now(self) -> AgencyTree:
        """The tree as it stands, for decisions that write."""
        found = await self.collection.find({}, projection={"parent": 1})
        self._tree = AgencyTree({each["_id"]: each["parent"] for each in found})
        self._read_at = time.monotonic()
        return self._tree

    async def missing(self, codes: set[str]) -> set[str]:
        """Those of these codes that name no agency."""
        found = await self.collection.find({"_id": {"$in": sorted(codes)}}, projection={"_id": 1})
        return codes - {each["_id"] for each in found}
