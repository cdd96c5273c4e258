"""The digests that were made: one document per agency and day."""

from contracts.envelope import AgencyCode
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.overdue.model import Digest


class OverdueDigests(Aggregates[Digest]):
    """Digests, by agency and day."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "overdue_digests", Digest, indexes=[Index([("agency", 1)])])

    async def listed(
        self, agency: AgencyCode, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Digest]], str | None]:
        """One page of an agency's digests that told something, newest first."""
        query = {"agency": agency, "total": {"$gt": 0}}
        return await self.page(query, sort="-made_at", limit=limit, cursor=cursor)
