"""Rosters: one document per agency and month; their entries in memory, by employee."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.in_memory import WRITTEN_AT, InMemory
from kit.storage.store import Store
from rules.patterns import Shift
from services.attendance.rosters.model import Duties, Roster, roster_id

_DAY = timedelta(days=1)
_Months = dict[str, Duties]


class RosterStore:
    """The rosters that agencies have entered."""

    def __init__(self, store: Store) -> None:
        self._rosters: Aggregates[Roster] = Aggregates(
            store, "rosters", Roster, indexes=[WRITTEN_AT]
        )
        self._memory = InMemory(store, self._rosters, lambda stored: stored.state.duties())
        self._by_employee: tuple[object, dict[str, _Months]] = (None, {})

    async def get(self, agency: str, period: str) -> Stored[Roster] | None:
        """The roster of an agency and month."""
        return await self._rosters.get(roster_id(agency, period))

    async def change(
        self,
        agency: str,
        period: str,
        decide: Callable[[Roster | None], Decision[Roster]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Roster]], BaseModel],
        status: int,
        if_match: int | None,
    ) -> Verdict:
        """Decide about a roster and write the outcome once."""
        id_ = roster_id(agency, period)
        verdict = await self._rosters.change(
            id_, decide, cause, answer=answer, status=status, if_match=if_match
        )
        await self._memory.written()
        return verdict

    async def around(self, employee: str, agencies: Iterable[str], on: date) -> tuple[Shift, ...]:
        """A person's entries of a day, the day before and the day after.

        Of several agencies that have entered one the first counts.
        """
        months = (await self._months()).get(employee)
        if months is None:
            return ()
        wanted = tuple(agencies)
        days = (on - _DAY, on, on + _DAY)
        return tuple(shift for day in days if (shift := _shift(months, wanted, day)) is not None)

    async def _months(self) -> Mapping[str, _Months]:
        known = await self._memory.all()
        if self._by_employee[0] is not known:
            gathered: dict[str, _Months] = {}
            for id_, duties in known.items():
                for employee, month in duties.items():
                    gathered.setdefault(employee, {})[id_] = month
            self._by_employee = known, gathered
        return self._by_employee[1]


def _shift(months: _Months, agencies: Iterable[str], on: date) -> Shift | None:
    period = f"{on:%Y-%m}"
    for agency in agencies:
        month = months.get(roster_id(agency, period))
        duty = month[on.day - 1] if month else None
        if duty is not None:
            return Shift(on, duty.code, duty.hours)
    return None
