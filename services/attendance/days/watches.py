"""Up to which date the days of people who did not come have been made, per agency."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, Cause
from kit.storage.store import Store

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """The next date of an agency whose missing days have to be made once they are over."""

    agency: str
    next: date

    def past(self, on: date) -> "Decision[Watch]":
        """This date is done; what is further already stays."""
        return Decision(replace(self, next=max(self.next, on + _DAY)))


class Watches:
    """The watches of all agencies; absence is asserted from the day an agency was first seen on."""

    def __init__(self, store: Store) -> None:
        self._watches: Aggregates[Watch] = Aggregates(
            store, "watched_agencies", Watch, receipts=False
        )

    async def all(self) -> dict[str, Watch]:
        """Every agency that is watched."""
        return {stored.id: stored.state for stored in await self._watches.find({})}

    async def begin(self, agency: str, on: date) -> None:
        """Watch an agency from this date on, unless it is watched already."""
        begun = Watch(agency, on)
        cause = Cause.timer("attendance", "watch", agency)
        await self._watches.change(agency, lambda known: Decision(known or begun), cause)

    async def done(self, agency: str, on: date) -> None:
        """A date of an agency is done."""
        cause = Cause.timer("attendance", "watched", agency, on)
        await self._watches.change(
            agency, lambda known: (known or Watch(agency, on)).past(on), cause
        )
