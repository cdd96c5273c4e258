"""The changes of rules whose days are being judged anew, and how far each has come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kit.storage.connection import Document
from kit.storage.ledger import Ledger
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.rejudging.model import Scope


@dataclass(frozen=True, slots=True)
class Rejudging:
    """A change of the rules, the days it may touch, and the last portion that is done."""

    id: str
    scope: Scope
    correlation_id: str
    actor: str
    reached: str = ""
    judged: int = 0
    changed: int = 0
    done: bool = False


class Rejudgings:
    """What must be judged anew, by the id of the event that said so."""

    def __init__(self, store: Store, *, settle_s: float) -> None:
        self._settles = timedelta(seconds=settle_s)
        self._ledger = Ledger(store, "rejudgings", indexes=[Index([("done", 1), ("due_at", 1)])])

    async def add(self, work: Rejudging, *, heard_at: datetime) -> None:
        """Have these days judged anew soon; the same event again is nothing new.

        Not at once: every replica shall know the new rules, and what was judged by the old ones be
        written.
        """
        scope = work.scope
        await self._ledger.append(
            work.id,
            {
                "first": scope.first.isoformat(),
                "last": scope.last.isoformat() if scope.last else None,
                "agency": scope.agency,
                "employees": list(scope.employees),
                "correlation_id": work.correlation_id,
                "actor": work.actor,
                "reached": "",
                "judged": 0,
                "changed": 0,
                "done": False,
                "due_at": heard_at + self._settles,
            },
        )

    async def next(self, moment: datetime) -> Rejudging | None:
        """The oldest that is due."""
        wanted = {"done": False, "due_at": {"$lte": moment}}
        found = await self._ledger.find(wanted, sort=[("done", 1), ("due_at", 1)], limit=1)
        return _rejudging(found[0]) if found else None

    async def waiting(self) -> list[Scope]:
        """The days that changes of rules may still touch, of every change that is not settled."""
        found = await self._ledger.find({"done": False})
        return [_rejudging(document).scope for document in found]

    async def get(self, id_: str) -> Rejudging | None:
        """How far the work that an event caused has come."""
        found = await self._ledger.find({"_id": id_})
        return _rejudging(found[0]) if found else None

    async def save(self, work: Rejudging) -> None:
        """Keep how far it has come."""
        fields = {
            "reached": work.reached,
            "judged": work.judged,
            "changed": work.changed,
            "done": work.done,
        }
        await self._ledger.collection.update_one({"_id": work.id}, {"$set": fields})


def _rejudging(document: Document) -> Rejudging:
    last = document["last"]
    return Rejudging(
        id=document["_id"],
        scope=Scope(
            first=date.fromisoformat(document["first"]),
            last=date.fromisoformat(last) if last else None,
            agency=document["agency"],
            employees=tuple(document["employees"]),
        ),
        correlation_id=document["correlation_id"],
        actor=document["actor"],
        reached=document["reached"],
        judged=document["judged"],
        changed=document["changed"],
        done=document["done"],
    )
