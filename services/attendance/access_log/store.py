"""The access log (UU 27/2022 art. 31 and 32: every processing is recorded, and shown on request).

An entry is durable before the answer leaves. Who looks at the same thing again within an hour
makes no new entry, so that a board that asks every few seconds leaves one line.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from contracts.envelope import Actor
from contracts.statements import Looked
from kit.clock import now
from kit.ids import derived_id
from kit.storage import pages
from kit.storage.connection import Document
from kit.storage.ledger import Ledger
from kit.storage.migrations import Index
from kit.storage.store import Store

KEPT_S = 2 * 366 * 24 * 3_600
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom and what a look took in: people by id, or an agency (with those below unless exact)."""

    people: tuple[str, ...] = ()
    agency: str | None = None
    exact: bool = False
    office: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """An entry of the log."""

    at: datetime
    account: str
    employee: str | None
    on_behalf_of: str | None
    looked_at: Looked
    scope: Scope


class AccessLog:
    """The looks, kept for two years; appended, never changed."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("people", 1), ("at", -1)]),
            Index([("agency", 1), ("at", -1)]),
            Index([("at", 1)], expire_after_s=KEPT_S),
        ]
        self._ledger = Ledger(store, "access_log", indexes=indexes)
        self._seen: OrderedDict[tuple[object, ...], None] = OrderedDict()

    async def note(self, actor: Actor, looked_at: Looked, scope: Scope) -> None:
        """Write down that somebody looks, unless they look at themselves; durable on return."""
        own = actor.on_behalf_of or actor.employee
        at = now()
        look = (
            actor.account,
            actor.on_behalf_of,
            looked_at,
            scope.office,
            scope.first,
            scope.last,
            f"{at:%Y-%m-%dT%H}",
        )
        people = [
            one for one in sorted(set(scope.people) - {own}) if (*look, one) not in self._seen
        ]
        agency = None if (*look, scope.agency, scope.exact) in self._seen else scope.agency
        if not people and agency is None:
            return
        await self._ledger.append(
            derived_id(*look, *people, agency, scope.exact),
            {
                "at": at,
                "account": actor.account,
                "employee": actor.employee,
                "on_behalf_of": actor.on_behalf_of,
                "looked_at": looked_at,
                "people": people,
                "agency": agency,
                "exact": scope.exact,
                "office": scope.office,
                "first": scope.first,
                "last": scope.last,
            },
        )
        self._seen.update(dict.fromkeys((*look, one) for one in people))
        self._seen[*look, agency, scope.exact] = None
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    async def about(
        self,
        employee: str,
        agencies: Iterable[str],
        exact_agencies: Iterable[str],
        *,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Look], str | None]:
        """The looks at a person, newest first: by name, or in a list of one of their agencies.

        ``agencies`` are those above the person's own as well, ``exact_agencies`` only their own.
        """
        seen: list[Document] = [
            {"people": employee},
            {"agency": {"$in": sorted(agencies)}, "exact": False},
            {"agency": {"$in": sorted(exact_agencies)}, "exact": True},
        ]
        found, next_cursor = await pages.page(
            self._ledger.collection, {"$or": seen}, sort="-at", limit=limit, cursor=cursor
        )
        return [_look(document) for document in found], next_cursor


def _look(document: Document) -> Look:
    return Look(
        at=document["at"],
        account=document["account"],
        employee=document["employee"],
        on_behalf_of=document["on_behalf_of"],
        looked_at=document["looked_at"],
        scope=Scope(
            people=tuple(document["people"]),
            agency=document["agency"],
            exact=document["exact"],
            office=document["office"],
            first=_date(document["first"]),
            last=_date(document["last"]),
        ),
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
