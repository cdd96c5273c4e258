"""Closing an agency's month: who asks for it, how it stands, and whether it is still intact."""

from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import Code, CommandBody, QueryBody, Value
from contracts.periods import AttendanceReadiness, ReadinessItem
from contracts.recaps import Month

PeriodState = Literal["open", "closing", "closed", "reopening"]


class OverrideReason(Value):
    """Why a period is closed although something is still open."""

    override_reason: str | None = Field(default=None, min_length=3, max_length=1_000)

    model_config = {
        "json_schema_extra": {"examples": [{"override_reason": "Mesin rusak; BA 12/2026."}]}
    }


class ReopenReason(Value):
    """Why a closed period is opened again."""

    reason: str = Field(min_length=3, max_length=1_000)

    model_config = {
        "json_schema_extra": {"examples": [{"reason": "Keputusan keberatan 800/41/2026."}]}
    }


class ClosePeriod(CommandBody, name="kpi.close_period", feature="kpi.periods"):
    """Close an agency's month; ``waiting`` is what attendance says is still open."""

    agency: Code
    period: Month
    override_reason: str | None = None
    waiting: tuple[ReadinessItem, ...] = ()


class ReopenPeriod(CommandBody, name="kpi.reopen_period", feature="kpi.periods"):
    """Open a closed month of an agency again."""

    agency: Code
    period: Month
    reason: str


class GetPeriod(QueryBody, name="kpi.get_period"):
    """How an agency's month stands in the performance service, and what is still open there."""

    agency: Code
    period: Month


class VerifyPeriod(QueryBody, name="kpi.verify_period"):
    """Compute a closed month's fingerprint again; the last revision's unless one is named."""

    agency: Code
    period: Month
    revision: int | None = Field(default=None, ge=1)


class ClosingView(Value):
    """One closing of a period: when, by whom, what was overridden, and the fingerprint."""

    revision: int
    asked_at: AwareDatetime
    closed_at: AwareDatetime | None
    closed_by: str
    override_reason: str | None = None
    overridden: tuple[ReadinessItem, ...] = ()
    fingerprint: str | None = None
    previous: str | None = None
    days: int | None = None
    digest: str | None = None
    results: int | None = None
    reopened_at: AwareDatetime | None = None
    reopened_by: str | None = None
    reopen_reason: str | None = None


class PeriodView(Value):
    """How an agency's month stands: what is still open, its closings, what the caller may do."""

    agency: str
    period: str
    state: PeriodState
    revision: int
    fingerprint: str | None = None
    ready: bool
    items: tuple[ReadinessItem, ...] = ()
    attendance: AttendanceReadiness | None = None
    closings: tuple[ClosingView, ...] = ()
    actions: tuple[str, ...] = ()
    version: int


class Verification(Value):
    """Whether what is kept of a closed period still gives its fingerprint.

    ``results_intact``: the frozen results give it. ``facts_intact``: the ledger still holds every
    fact they were computed from. ``chain_intact``: the closing before has the fingerprint that this
    one was computed over.
    """

    agency: str
    period: str
    revision: int
    fingerprint: str
    computed: str
    results: int
    facts: int
    results_intact: bool
    facts_intact: bool
    chain_intact: bool
    intact: bool
