"""Service levels: how long a party may hold the ball, when to warn, and who hears of a breach.

An agency's targets are a series of versions, each from a day on (also in the past: decrees are
signed late). They rule the agency and what is below it; where nobody entered any, those that ship
with the product do. A help request keeps the version it began with.
"""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.text import ShortText

Minutes = Annotated[int, Field(ge=1, le=20_000, strict=True)]
"""Working minutes of the agency that holds the ball; a working day of the city has 480."""


class ResponseTargets(Value):
    """Working minutes from a request to an acceptance or a decline, by its priority."""

    low: Minutes
    normal: Minutes
    high: Minutes
    urgent: Minutes


class CompletionTargets(Value):
    """Working minutes from acceptance to delivery, by priority.

    The moment the asking agency needs the help by is a limit beside it; without a target of its own
    it is the only one.
    """

    low: Minutes | None = None
    normal: Minutes | None = None
    high: Minutes | None = None
    urgent: Minutes | None = None


class ServiceLevelTerms(Value):
    """What a version says.

    ``warn_percent``: how much of a target is used up when the agency is warned. Both heads hear of
    a breach at once; after each further number of working minutes in ``escalate_after_minutes``
    the next level above both agencies does. The top of the tree hears of it in a daily digest.
    """

    response_minutes: ResponseTargets
    completion_minutes: CompletionTargets = CompletionTargets()
    warn_percent: int = Field(default=75, ge=1, le=99)
    escalate_after_minutes: tuple[Minutes, ...] = Field(default=(480,), max_length=5)


_EXAMPLE: dict[str, Any] = {
    "effective_from": "2026-12-01",
    "decree": "SE Kepala BKPSDM 32/2026",
    "response_minutes": {"low": 480, "normal": 240, "high": 120, "urgent": 30},
    "completion_minutes": {"urgent": 480},
    "warn_percent": 75,
    "escalate_after_minutes": [240, 960],
}


class ServiceLevelRequest(ServiceLevelTerms):
    """A version to be entered for an agency and those below it."""

    effective_from: Day
    decree: ShortText | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    @model_validator(mode="after")
    def _escalates_in_order(self) -> Self:
        if any(later <= earlier for earlier, later in pairwise(self.escalate_after_minutes)):
            raise ValueError("escalate_after_minutes must rise from level to level")
        return self


class AddServiceLevels(
    CommandBody, name="tasks.add_service_levels", feature="tasks.service_levels"
):
    """Enter a version of an agency's service levels."""

    agency: Code
    levels: ServiceLevelRequest


class ListServiceLevels(QueryBody, name="tasks.list_service_levels"):
    """The versions of an agency, newest first; with ``on`` the one that rules it that day."""

    agency: str = Field(max_length=40)
    on: Day | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=20)


class ServiceLevelView(ServiceLevelTerms):
    """A version: what it says, for whom, from when; one that ships has no agency."""

    id: str
    agency: AgencyCode | None
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None
    version: int
    actions: tuple[str, ...] = ()


class ServiceLevelsChanged(EventData, type="tasks.service_levels.changed.v1"):
    """A version of an agency's service levels was entered; requests under way keep theirs."""

    agency: AgencyCode
    levels: str
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None = None
    terms: ServiceLevelTerms

    @classmethod
    def example(cls) -> Self:
        """The informatics agency answers urgent requests within half an hour."""
        return cls(
            agency=AgencyCode("DISKOMINFOSP"),
            levels="DISKOMINFOSP-sl1",
            effective_from=date(2026, 12, 1),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            decree="SE Kepala BKPSDM 32/2026",
            terms=ServiceLevelTerms(
                response_minutes=ResponseTargets(low=480, normal=240, high=120, urgent=30)
            ),
        )
