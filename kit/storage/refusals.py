"""Refusals: an expected no is kept under its command's id, and never touches an aggregate."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.envelope import Verdict
from kit.clock import now
from kit.storage.batches import Commits, Loads
from kit.storage.connection import Document
from kit.storage.migrations import Index

if TYPE_CHECKING:
    from typing import Any

    from contracts.envelope import Command
    from kit.storage.store import Store

KEPT_S = 30 * 24 * 3_600


@dataclass(frozen=True, slots=True)
class Refused:
    """A stored refusal: the body it answered and the verdict."""

    body_hash: str
    verdict: Verdict


class Refusals:
    """The refusals of a service, by command."""

    def __init__(self, store: "Store") -> None:
        indexes = [
            Index([("at", 1)], expire_after_s=KEPT_S),
            Index([("employee", 1), ("name", 1), ("at", -1)]),
        ]
        self.collection = store.collection("refusals", indexes=indexes)
        self._loads = Loads(self.collection)
        self._commits = Commits(store.database, self.collection)

    async def get(self, command_id: str) -> Refused | None:
        """The refusal of this command, if it was refused."""
        document: Document | None = await self._loads.one(command_id)
        if document is None:
            return None
        return Refused(document["body_hash"], Verdict.model_validate_json(document["verdict"]))

    async def add(self, command: "Command[Any]", verdict: Verdict) -> None:
        """Keep the refusal; durable when it returns."""
        await self._commits.insert(
            {
                "_id": command.id,
                "name": command.name,
                "account": command.actor.account,
                "employee": command.actor.employee,
                "body_hash": command.body_hash,
                "code": verdict.problem.code if verdict.problem else None,
                "verdict": verdict.model_dump_json(),
                "received_at": command.received_at,
                "at": now(),
            }
        )
