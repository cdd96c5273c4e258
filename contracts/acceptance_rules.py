"""When a responder's acceptance waits for the head: dated rules of an agency.

Without a rule nobody waits: a responder accepts, the head hears of it. A rule holds for the agency
and those below it that have none of their own.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.text import ShortText

Threshold = Annotated[int, Field(ge=0, le=366, strict=True)]


class AcceptanceRuleTerms(Value):
    """What the head decides: more people than this, or for more days than this.

    Days are calendar days from the day of acceptance to the day the help is needed by, both
    counted. 0 means always; null means that the head is not asked because of it.
    """

    people_over: Threshold | None = None
    days_over: Threshold | None = None


class AcceptanceRuleRequest(AcceptanceRuleTerms):
    """A version to be entered; with both null a responder decides alone again."""

    effective_from: Day
    decree: ShortText | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"effective_from": "2026-12-01", "people_over": 2, "days_over": 5}]
        }
    )


class AddAcceptanceRule(
    CommandBody, name="tasks.add_acceptance_rule", feature="tasks.acceptance_rules"
):
    """Enter a version of an agency's rule."""

    agency: Code
    rule: AcceptanceRuleRequest


class ListAcceptanceRules(QueryBody, name="tasks.list_acceptance_rules"):
    """The versions of an agency, newest first; with ``on`` the one that rules it that day."""

    agency: str = Field(max_length=40)
    on: Day | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=20)


class AcceptanceRuleView(AcceptanceRuleTerms):
    """A version: what it says, for whom, from when."""

    id: str
    agency: AgencyCode
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None
    version: int
    actions: tuple[str, ...] = ()


class AcceptanceRuleChanged(EventData, type="tasks.acceptance_rule.changed.v1"):
    """A version of an agency's rule was entered; acceptances from its day on follow it."""

    agency: AgencyCode
    rule: str
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None = None
    people_over: int | None = None
    days_over: int | None = None

    @classmethod
    def example(cls) -> Self:
        """The head of the informatics agency wants to be asked about more than two people."""
        return cls(
            agency=AgencyCode("DISKOMINFOSP"),
            rule="DISKOMINFOSP-ar1",
            effective_from=date(2026, 12, 1),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            people_over=2,
        )
