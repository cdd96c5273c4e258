"""The daily digest for the top of the tree: what has come up to it and is still not done."""

from datetime import UTC, date, datetime
from typing import Self

from pydantic import AwareDatetime, Field

from contracts.envelope import AgencyCode, EventData, QueryBody, Value
from contracts.help_clocks import ClockName
from contracts.paging import Paging

MOST_ITEMS = 200
"""So many a digest names, the longest overdue first; ``total`` counts all."""


class OverdueItem(Value):
    """A request that is late: which clock, of whom, since when, how many levels up it has gone."""

    help_request: str
    number: str
    asking_agency: AgencyCode
    holding_agency: AgencyCode | None = None
    clock: ClockName
    due: AwareDatetime
    step: int


class ListOverdueDigests(Paging, QueryBody, name="tasks.list_overdue_digests"):
    """The digests of an agency, newest first."""

    agency: str = Field(max_length=40)


class OverdueDigestView(Value):
    """What an agency at the top was told on a day."""

    agency: AgencyCode
    on: date
    made_at: AwareDatetime
    total: int
    items: tuple[OverdueItem, ...]


class OverdueDigestMade(EventData, type="tasks.overdue_digest.made.v1"):
    """On the morning of a working day the top of the tree is told what is overdue; never twice."""

    agency: AgencyCode
    on: date
    total: int
    items: tuple[OverdueItem, ...]

    @classmethod
    def example(cls) -> Self:
        """One request waits for the informatics agency since yesterday."""
        item = OverdueItem(
            help_request="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a11",
            number="SBT/2026/000123",
            asking_agency=AgencyCode("BKPSDM"),
            holding_agency=AgencyCode("DISKOMINFOSP"),
            clock="response",
            due=datetime(2026, 11, 24, 6, 20, tzinfo=UTC),
            step=1,
        )
        return cls(agency=AgencyCode("PEMKOT"), on=date(2026, 11, 26), total=1, items=(item,))
