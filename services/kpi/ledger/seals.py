"""The seals of exports: one document per month, each seal chained to the one before."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.ledger import LedgerSealed
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, Cause, Stored
from kit.storage.store import Store
from services.kpi.ledger.exporting import Sealed


@dataclass(frozen=True, slots=True)
class OneSeal:
    """One export: how many facts, the digest of its bytes, the digest of the seal before."""

    facts: int
    sha256: str
    previous: str | None
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class MonthSeals:
    """The exports of a month, oldest first; a further one only if the facts are others."""

    period: str
    seals: tuple[OneSeal, ...] = ()

    def sealing(self, sealed: Sealed, at: datetime) -> "Decision[MonthSeals]":
        """The month with this export; the same facts need no further seal."""
        newest = self.seals[-1] if self.seals else None
        if newest is not None and newest.sha256 == sealed.sha256:
            return Decision(self)
        previous = newest.sha256 if newest else None
        seal = OneSeal(sealed.facts, sealed.sha256, previous, at)
        after = replace(self, seals=(*self.seals, seal))
        event = LedgerSealed(
            period=self.period,
            number=len(after.seals),
            facts=seal.facts,
            sha256=seal.sha256,
            previous=previous,
            sealed_at=at,
        )
        return Decision(after, (event,))


class Seals:
    """The seals by month."""

    def __init__(self, store: Store) -> None:
        self._months: Aggregates[MonthSeals] = Aggregates(store, "ledger_seals", MonthSeals)

    async def seal(self, sealed: Sealed, cause: Cause) -> MonthSeals:
        """Keep and announce the seal of an export."""
        await self._months.change(
            sealed.period,
            lambda known: (known or MonthSeals(sealed.period)).sealing(sealed, cause.at),
            cause,
        )
        stored = await self._months.get(sealed.period)
        assert stored is not None
        return stored.state

    async def page(
        self, period: str | None, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[MonthSeals]], str | None]:
        """A page of months, the newest first."""
        wanted = {} if period is None else {"_id": period}
        return await self._months.page(wanted, sort="-_id", limit=limit, cursor=cursor)
