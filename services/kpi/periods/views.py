"""Months and closings as callers see them."""

from collections.abc import Sequence

from contracts.closings import ClosingView, PeriodView
from contracts.envelope import Actor
from contracts.periods import ReadinessItem
from kit.storage.aggregates import Stored
from rules.agencies import AgencyTree
from services.kpi import access
from services.kpi.periods.closing import AgencyMonth, Closing


def period_view(
    stored: Stored[AgencyMonth],
    actor: Actor,
    tree: AgencyTree,
    items: Sequence[ReadinessItem] = (),
) -> PeriodView:
    """How a month stands, and what the caller may do with it."""
    month = stored.state
    frozen = month.closed.frozen if month.closed else None
    return PeriodView(
        agency=month.agency,
        period=month.period,
        state=month.state,
        revision=month.revision,
        fingerprint=frozen.fingerprint if frozen else None,
        ready=month.state == "open" and not items,
        items=tuple(items),
        closings=tuple(closing_view(one) for one in month.closings),
        actions=_actions(month, actor, tree),
        version=stored.version,
    )


def closing_view(closing: Closing) -> ClosingView:
    """One closing."""
    frozen = closing.frozen
    return ClosingView(
        revision=closing.revision,
        asked_at=closing.asked_at,
        closed_at=frozen.at if frozen else None,
        closed_by=closing.by,
        override_reason=closing.override_reason,
        overridden=closing.overridden,
        fingerprint=frozen.fingerprint if frozen else None,
        previous=frozen.previous if frozen else None,
        days=closing.days,
        digest=closing.digest,
        results=frozen.results if frozen else None,
        reopened_at=closing.reopened_at,
        reopened_by=closing.reopened_by,
        reopen_reason=closing.reopen_reason,
    )


def _actions(month: AgencyMonth, actor: Actor, tree: AgencyTree) -> tuple[str, ...]:
    if month.state == "open" and access.closes_period(actor, month.agency, tree):
        return ("close",)
    if month.state in {"closing", "closed"} and access.reopens_period(actor):
        return ("reopen",)
    return ()
