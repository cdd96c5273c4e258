"""The documents of stored files."""

from dataclasses import replace
from datetime import UTC, datetime

from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.files import Files
from kit.storage.aggregates import Aggregates, AnyCause, Cause, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.uploads import model
from services.tasks.uploads.model import Attachment, Owner, Upload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Uploads(Aggregates[Upload]):
    """Every file that was ever registered, and the object store that holds their bytes."""

    def __init__(self, store: Store, files: Files) -> None:
        super().__init__(
            store,
            "uploads",
            Upload,
            indexes=[
                Index([("ends_at", 1)], sparse=True),
                Index([("state", 1), ("deleted", 1)]),
                Index([("account", 1), ("state", 1)]),
            ],
        )
        self.files = files

    async def waiting_of(self, account: str) -> int:
        """How many files of an account nothing names yet."""
        return await self.count({"account": account, "state": "waiting"})

    async def overdue(self, at: datetime, limit: int) -> list[Stored[Upload]]:
        """Files that nothing named in time."""
        due = {"ends_at": {"$gt": _EPOCH, "$lte": at}}
        return await self.find(due, sort=[("ends_at", 1)], limit=limit)

    async def to_delete(self, limit: int) -> list[Stored[Upload]]:
        """Expired files whose bytes may still be there."""
        return await self.find({"state": "expired", "deleted": False}, limit=limit)

    async def claim(self, id_: str, owner: Owner, cause: AnyCause) -> Attachment:
        """Let a file of the caller belong to this; refuses one that is not the caller's to give."""
        origin = Cause.of(cause)
        account, at = origin.actor.account, now()
        await self.change(
            id_,
            lambda known: model.claim(id_, known, owner, account=account, at=at),
            Cause.derived(origin, "claim", id_),
        )
        stored = await self.get(id_)
        assert stored is not None
        return model.attachment(id_, stored.state, at)

    async def release(self, id_: str, owner: Owner, cause: AnyCause) -> None:
        """Take a claim back, where what claimed the file refused it."""
        at = now()
        await self.change(
            id_,
            lambda known: model.release(_known(known), owner, at=at),
            Cause.derived(cause, "release", id_),
        )

    async def expire(self, stored: Stored[Upload], at: datetime) -> None:
        """Let a file end; its bytes go afterwards."""
        await self.change(
            stored.id,
            lambda known: model.expire(stored.id, _known(known), at=at),
            Cause.timer("tasks", stored.id, "expire", stored.version),
        )

    async def delete_bytes(self, stored: Stored[Upload]) -> None:
        """Delete the bytes of an expired file, and note that they are gone."""
        await self.files.delete(stored.id)
        await self.change(
            stored.id,
            lambda known: Decision(replace(_known(known), deleted=True)),
            Cause.timer("tasks", stored.id, "deleted"),
        )


def _known(upload: Upload | None) -> Upload:
    if upload is None:
        raise Refusal("not_found")
    return upload
