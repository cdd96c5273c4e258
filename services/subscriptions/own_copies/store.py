"""The agencies as the directory last stated them."""

from contracts.directory import AgencyChanged
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from rules.agencies import AgencyTree


class Agencies:
    """The tree of agencies, at most two seconds behind its own copy."""

    def __init__(self, store: Store) -> None:
        self._documents = Projections(store, "agencies")
        self._cached = Cached(store, self._documents)

    async def put(self, sequence: int, agency: AgencyChanged) -> None:
        """Keep the state of an agency unless a newer one is known."""
        await self._cached.put(agency.code, sequence, {"parent": agency.parent})

    async def tree(self) -> AgencyTree:
        """Which agency is below which."""
        documents = await self._cached.all()
        return AgencyTree({code: document["parent"] for code, document in documents.items()})
