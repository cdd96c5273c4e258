"""The documents of notifications, inboxes and preferences; old ones expire by themselves."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from kit.storage.aggregates import Aggregates, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.notifications.model import Inbox, Notification, Preferences

MOST_COUNTED = 1_000
MOST_MAILED = 2_000
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Notifications(Aggregates[Notification]):
    """What people are told, by person; the same telling twice is one."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "notifications",
            Notification,
            indexes=[
                Index([("person", 1), ("at", -1)]),
                Index([("mail_at", 1)], sparse=True),
                Index([("expires_at", 1)], expire_after_s=0),
            ],
            receipts=False,
        )

    async def listed(
        self,
        person: str,
        *,
        unread: bool | None,
        kinds: Sequence[str],
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Stored[Notification]], str | None]:
        """One page of a person's inbox, newest first."""
        query: dict[str, Any] = {"person": person, "inbox": True}
        if unread is not None:
            query["read_at"] = None if unread else {"$ne": None}
        if kinds:
            query["kind"] = {"$in": sorted(kinds)}
        return await self.page(query, sort="-at", limit=limit, cursor=cursor)

    async def unread(self, person: str) -> int:
        """How many a person has not read, counted up to a thousand."""
        query = {"person": person, "inbox": True, "read_at": None}
        found = await self.collection.find(query, limit=MOST_COUNTED, projection={"_id": 1})
        return len(found)

    async def unread_until(self, person: str, until: datetime) -> list[str]:
        """The ids of what a person has not read, up to a moment."""
        query = {"person": person, "read_at": None, "at": {"$lte": until}}
        found = await self.collection.find(query, projection={"_id": 1})
        return [document["_id"] for document in found]

    async def to_be_mailed(self, at: datetime) -> list[Stored[Notification]]:
        """What waits to be mailed by a moment, the longest waiting first."""
        due = {"mail_at": {"$gt": _LONG_AGO, "$lte": at}, "mail": "waiting"}
        return await self.find(due, sort=[("mail_at", 1)], limit=MOST_MAILED)

    async def own(self, person: str, ids: Iterable[str]) -> list[str]:
        """Those of these ids that are the person's."""
        query = {"_id": {"$in": sorted(set(ids))}, "person": person}
        found = await self.collection.find(query, projection={"_id": 1})
        return [document["_id"] for document in found]


class Inboxes(Aggregates[Inbox]):
    """When each person last read something."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "inboxes", Inbox)


class Choices(Aggregates[Preferences]):
    """What each person chose to be told of."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "notification_preferences", Preferences)
