"""The attempts that were made, for the subscriber to look at; they expire after thirty days."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from contracts.webhooks import AttemptOutcome
from kit.ids import new_id
from kit.storage import pages
from kit.storage.ledger import Ledger
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.subscriptions.deliveries.post import Outcome
from services.subscriptions.log.model import Placed

KEPT_S = 30 * 24 * 3_600


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver one event."""

    subscription: str
    at: datetime
    event_id: str
    event_type: str
    number: int
    outcome: AttemptOutcome
    ms: int
    status: int | None = None
    reason: str | None = None
    test: bool = False


def attempt_of(
    subscription: str,
    placed: Placed,
    at: datetime,
    outcome: Outcome,
    *,
    number: int = 1,
    test: bool = False,
) -> Attempt:
    """What is written down of an outcome."""
    return Attempt(
        subscription=subscription,
        at=at,
        event_id=placed.id,
        event_type=placed.type,
        number=number,
        outcome="delivered" if outcome.delivered else "refused",
        ms=outcome.ms,
        status=outcome.status,
        reason=outcome.reason,
        test=test,
    )


class Attempts:
    """Attempts by subscription; one may be lost if the process dies, the delivery is not."""

    def __init__(self, store: Store) -> None:
        self._ledger = Ledger(
            store,
            "delivery_attempts",
            indexes=[
                Index([("subscription", 1), ("at", -1)]),
                Index([("at", 1)], expire_after_s=KEPT_S),
            ],
            durable=False,
        )

    async def add(self, attempt: Attempt) -> str:
        """Write an attempt down; its id."""
        id_ = new_id()
        await self._ledger.append(id_, asdict(attempt))
        return id_

    async def page(
        self, subscription: str, outcome: AttemptOutcome | None, *, limit: int, cursor: str | None
    ) -> tuple[list[tuple[str, Attempt]], str | None]:
        """One page with the ids of the attempts, newest first."""
        query: dict[str, Any] = {"subscription": subscription}
        if outcome is not None:
            query["outcome"] = outcome
        found, next_cursor = await pages.page(
            self._ledger.collection, query, sort="-at", limit=limit, cursor=cursor
        )
        return [(document["_id"], _attempt(document)) for document in found], next_cursor


def _attempt(document: Mapping[str, Any]) -> Attempt:
    return Attempt(**{name: value for name, value in document.items() if name != "_id"})
