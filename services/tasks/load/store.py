"""Absences ahead as load needs them: whose and when, until they are over; not what for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from contracts.absences import AbsenceDecided
from contracts.envelope import Event
from kit.storage.migrations import Index
from kit.storage.projections import Projections
from kit.storage.store import Store
from services.tasks.load.model import Away

_KEPT_AFTER = timedelta(days=7)


class AbsencesAhead:
    """Own copies of decided absences of whole days; they expire a week after their last day."""

    def __init__(self, store: Store) -> None:
        self._absences = Projections(
            store,
            "absences_ahead",
            indexes=[
                Index([("employee", 1)]),
                Index([("agency", 1)]),
                Index([("expires_at", 1)], expire_after_s=0),
            ],
        )

    async def keep(self, event: Event[AbsenceDecided]) -> None:
        """Keep whether somebody is away, unless a newer decision is known."""
        facts = event.data
        expires = datetime.combine(facts.last, time(), UTC) + _KEPT_AFTER
        await self._absences.put(
            facts.absence,
            event.sequence,
            {
                "employee": facts.employee,
                "agency": facts.agency,
                "first": facts.first.isoformat(),
                "last": facts.last.isoformat(),
                "away": facts.state == "approved" and facts.whole_days,
                "expires_at": expires,
            },
        )

    async def of_people(self, people: Iterable[str], first: date, last: date) -> list[Away]:
        """The absences of these people that touch a stretch."""
        wanted = sorted(set(people))
        return await self._found({"employee": {"$in": wanted}}, first, last) if wanted else []

    async def of_agencies(self, agencies: Iterable[str], on: date) -> list[Away]:
        """Who of these agencies is away on a day."""
        return await self._found({"agency": {"$in": sorted(agencies)}}, on, on)

    async def _found(self, whose: dict[str, object], first: date, last: date) -> list[Away]:
        span = {"first": {"$lte": last.isoformat()}, "last": {"$gte": first.isoformat()}}
        found = await self._absences.find({**whose, **span, "away": True})
        return [
            Away(
                each["employee"],
                date.fromisoformat(each["first"]),
                date.fromisoformat(each["last"]),
            )
            for each in found
        ]
