"""The days of insights: one document per day on which something was asked."""

from collections.abc import Sequence
from datetime import date

from contracts.envelope import Event
from contracts.outcome import Decision
from contracts.tasks import HelpRequestFacts
from kit.storage.aggregates import Aggregates
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.tasks.insights.model import InsightDay, days_between


class Insights:
    """What is known of help requests, by the day they were asked on.

    A year is some hundred documents, however many events stand behind them.
    """

    def __init__(self, store: Store) -> None:
        self._days: Aggregates[InsightDay] = Aggregates(
            store,
            "insight_days",
            InsightDay,
            indexes=[Index([("day", 1)]), Index([("under_way", 1)])],
            receipts=False,
        )

    async def take(self, day: str, events: Sequence[Event[HelpRequestFacts]]) -> None:
        """Keep what these events state about requests of a day."""

        def decide(known: InsightDay | None) -> Decision[InsightDay]:
            return (known or InsightDay.blank(day)).taking(events)

        await self._days.change(day, decide, events[0])

    async def between(self, first: date, last: date) -> list[InsightDay]:
        """The days of a stretch, both ends included."""
        start, end = days_between(first, last)
        found = await self._days.find({"day": {"$gte": start, "$lte": end}})
        return [stored.state for stored in found]

    async def under_way(self) -> list[InsightDay]:
        """The days of which a request has not ended."""
        found = await self._days.find({"under_way": {"$gt": 0}})
        return [stored.state for stored in found]
