"""Insights into help between agencies: how fast it comes, what becomes of it, who is waited for."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, QueryBody, Value

InsightGroup = Literal["pair", "agency", "city"]
"""By asking and responding agency, by responding agency, or the city as a whole."""

MOST_DAYS = 366


class HelpInsights(QueryBody, name="tasks.help_insights"):
    """Response and completion times of the requests asked between two days, both included."""

    from_: Day = Field(alias="from")
    to: Day
    group: InsightGroup = "pair"
    agency: tuple[Code, ...] = Field(default=(), max_length=50)

    model_config = ConfigDict(populate_by_name=True)


class WaitingInsights(QueryBody, name="tasks.waiting_insights"):
    """What is waiting for whom now, by the agency that has to move."""

    agency: tuple[Code, ...] = Field(default=(), max_length=50)


class TimesView(Value):
    """Times in working minutes of the agency concerned.

    The 90th percentile is the smallest time within which nine of ten were done, the median likewise
    with one of two (nearest rank). ``within_target`` counts those not later than their target.
    """

    count: int
    median_minutes: int
    p90_minutes: int
    within_target: int
    with_target: int


class PeriodView(Value):
    """The requests of a stretch: how many, and how fast they were answered and done."""

    requests: int
    response: TimesView | None = None
    completion: TimesView | None = None


class HelpInsightView(Value):
    """Two agencies, one agency or the city: all requests, those before the start and those after.

    ``active_from`` is the day on which the agency (of two, the later one) became active in the
    roll-out; null where it is not yet, and everything is before.
    """

    asking_agency: AgencyCode | None = None
    responding_agency: AgencyCode | None = None
    active_from: date | None = None
    total: PeriodView
    before: PeriodView
    after: PeriodView


class FunnelView(Value):
    """How far the requests have come; each step counts those that reached it."""

    requested: int
    answered: int
    accepted: int
    delivered: int
    confirmed: int
    declined: int
    withdrawn: int
    expired: int
    under_way: int
    breached: int


class HelpInsightsView(Value):
    """How fast help came to requests asked between two days."""

    from_: date = Field(alias="from")
    to: date
    group: InsightGroup
    as_of: AwareDatetime
    funnel: FunnelView
    items: tuple[HelpInsightView, ...]

    model_config = ConfigDict(populate_by_name=True)


class WaitingView(Value):
    """What waits for an agency; null is an open call that waits for anybody."""

    agency: AgencyCode | None
    to_answer: int
    to_clarify: int
    to_deliver: int
    to_confirm: int
    overdue: int
    oldest_since: AwareDatetime


class WaitingInsightsView(Value):
    """What is waiting for whom, the most first."""

    as_of: AwareDatetime
    items: tuple[WaitingView, ...]
