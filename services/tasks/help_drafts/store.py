"""The documents of drafts and templates."""

from collections.abc import Sequence

from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.help_drafts.model import Draft, Template


class HelpDrafts(Aggregates[Draft]):
    """Everybody's drafts."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            store, "help_drafts", Draft, indexes=[Index([("account", 1), ("changed_at", -1)])]
        )

    async def of(
        self, account: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Draft]], str | None]:
        """One page of the drafts somebody has not sent, the newest change first."""
        query = {"account": account, "state": "open"}
        return await self.page(query, sort="-changed_at", limit=limit, cursor=cursor)


class HelpTemplates(Aggregates[Template]):
    """The templates of all agencies."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "help_templates", Template, indexes=[Index([("agency", 1)])])

    async def offered(
        self, agencies: Sequence[str], *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Template]], str | None]:
        """One page of the templates of these agencies."""
        query = {"agency": {"$in": list(agencies)}, "retired": False}
        return await self.page(query, limit=limit, cursor=cursor)
