"""The secrets that webhooks are signed with: the newest, and the one before for another day."""

import secrets as random
from datetime import datetime, timedelta

from kit.storage.store import Store
from services.subscriptions.deliveries.signing import SECRET_BYTES, secret_of

OLD_ONE_SIGNS_FOR = timedelta(hours=24)


class Secrets:
    """Secrets by subscription; they stand in no aggregate, no event and no receipt."""

    def __init__(self, store: Store) -> None:
        self._documents = store.collection("webhook_secrets")

    async def begin(self, subscription: str, at: datetime) -> str:
        """A first secret; whatever was there before signs nothing any more."""
        return await self._keep(subscription, at, [])

    async def rotate(self, subscription: str, at: datetime) -> str:
        """A new secret; the one before it signs too until its subscriber has changed over."""
        found = await self._documents.find_one({"_id": subscription})
        newest = found["secrets"][:1] if found else []
        before = [{**each, "until": at + OLD_ONE_SIGNS_FOR} for each in newest]
        return await self._keep(subscription, at, before)

    async def good_at(self, subscription: str, at: datetime) -> list[str]:
        """The secrets that sign at a moment, the newest first."""
        found = await self._documents.find_one({"_id": subscription})
        kept = found["secrets"] if found else []
        return [each["secret"] for each in kept if each["until"] is None or at < each["until"]]

    async def forget(self, subscription: str) -> None:
        """Nothing is signed any more."""
        await self._documents.delete_many({"_id": subscription})

    async def _keep(self, subscription: str, at: datetime, before: list[dict[str, object]]) -> str:
        fresh = secret_of(random.token_bytes(SECRET_BYTES))
        kept = [{"secret": fresh, "since": at, "until": None}, *before]
        change = {"$set": {"secrets": kept}}
        await self._documents.update_one({"_id": subscription}, change, upsert=True)
        return fresh
