"""What the rows say together: medians, percentiles, the funnel, before and after a start."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from contracts.envelope import AgencyCode
from contracts.insights import (
    FunnelView,
    HelpInsightView,
    InsightGroup,
    PeriodView,
    TimesView,
    WaitingView,
)
from services.tasks.help_requests.transitions import is_final
from services.tasks.insights.model import Row

MEDIAN, NINETIETH = 50, 90


@dataclass(frozen=True, slots=True)
class Asked:
    """A row and the day it was asked on."""

    on: date
    row: Row


def percentile(values: Sequence[int], percent: int) -> int:
    """The smallest value that so many percent of the sorted values do not exceed."""
    return values[max(0, ceil(len(values) * percent / 100) - 1)]


def times(measured: Iterable[tuple[int | None, int | None]]) -> TimesView | None:
    """Minutes with their targets, together; None where nothing was measured."""
    known = [(minutes, target) for minutes, target in measured if minutes is not None]
    if not known:
        return None
    values = sorted(minutes for minutes, _ in known)
    targeted = [(minutes, target) for minutes, target in known if target is not None]
    return TimesView(
        count=len(values),
        median_minutes=percentile(values, MEDIAN),
        p90_minutes=percentile(values, NINETIETH),
        within_target=sum(minutes <= target for minutes, target in targeted),
        with_target=len(targeted),
    )


def period(asked: Sequence[Asked]) -> PeriodView:
    """The requests of a stretch."""
    return PeriodView(
        requests=len(asked),
        response=times((each.row.response, each.row.response_target) for each in asked),
        completion=times((each.row.completion, each.row.completion_target) for each in asked),
    )


def funnel(rows: Iterable[Row]) -> FunnelView:
    """How far these requests have come."""
    rows = list(rows)
    ended = Counter(row.state for row in rows)
    return FunnelView(
        requested=len(rows),
        answered=sum(row.response is not None for row in rows),
        accepted=sum(row.accepted for row in rows),
        delivered=sum(row.delivered for row in rows),
        confirmed=ended["confirmed"],
        declined=ended["declined"],
        withdrawn=ended["withdrawn"],
        expired=ended["expired"],
        under_way=sum(not is_final(row.state) for row in rows),
        breached=sum(bool(row.breached) for row in rows),
    )


def grouped(
    asked: Iterable[Asked], group: InsightGroup, active_from: Mapping[str, date]
) -> tuple[HelpInsightView, ...]:
    """The requests by what they are grouped by, the most first; unanswered ones by their asker."""
    groups: defaultdict[tuple[AgencyCode | None, AgencyCode | None], list[Asked]]
    groups = defaultdict(list)
    for each in asked:
        groups[_key(each.row, group)].append(each)
    views = (_view(key, each, group, active_from) for key, each in groups.items())
    return tuple(
        sorted(
            views,
            key=lambda view: (
                -view.total.requests,
                view.asking_agency or "",
                view.responding_agency or "",
            ),
        )
    )


def waiting(rows: Iterable[Row], shown: Iterable[str] | None) -> tuple[WaitingView, ...]:
    """What waits for each agency, the most first; ``shown`` limits the agencies."""
    allowed = None if shown is None else frozenset(shown)
    waits: defaultdict[AgencyCode | None, list[Row]] = defaultdict(list)
    for row in rows:
        if is_final(row.state):
            continue
        for agency in row.waiting_for or (None,):
            if allowed is None or agency is None or agency in allowed:
                waits[agency].append(row)
    views = (_waiting(agency, each) for agency, each in waits.items())
    return tuple(sorted(views, key=lambda view: (-_sum(view), view.agency or "")))


def _key(row: Row, group: InsightGroup) -> tuple[AgencyCode | None, AgencyCode | None]:
    if group == "city":
        return None, None
    return (row.asking if group == "pair" else None), row.responding


def _view(
    key: tuple[AgencyCode | None, AgencyCode | None],
    asked: Sequence[Asked],
    group: InsightGroup,
    active_from: Mapping[str, date],
) -> HelpInsightView:
    before: list[Asked] = []
    after: list[Asked] = []
    for each in asked:
        agencies = [each.row.responding] if group == "agency" else _both(each.row)
        start = _start(agencies, active_from)
        (after if start is not None and start <= each.on else before).append(each)
    asking, responding = key
    return HelpInsightView(
        asking_agency=asking,
        responding_agency=responding,
        active_from=_start([each for each in key if each], active_from) if any(key) else None,
        total=period(asked),
        before=period(before),
        after=period(after),
    )


def _both(row: Row) -> list[AgencyCode | None]:
    return [row.asking, row.responding] if row.responding else [row.asking]


def _start(agencies: Iterable[AgencyCode | None], active_from: Mapping[str, date]) -> date | None:
    """The day from which all of them are active; None while one is not."""
    starts = [active_from.get(agency or "") for agency in agencies]
    known = [start for start in starts if start is not None]
    return max(known) if known and len(known) == len(starts) else None


def _waiting(agency: AgencyCode | None, rows: Sequence[Row]) -> WaitingView:
    states = Counter(row.state for row in rows)
    return WaitingView(
        agency=agency,
        to_answer=states["requested"],
        to_clarify=states["clarifying"],
        to_deliver=states["accepted"] + states["in_progress"],
        to_confirm=states["delivered"],
        overdue=sum(bool(_current(row) & {*row.breached}) for row in rows),
        oldest_since=min(row.since for row in rows),
    )


def _current(row: Row) -> set[str]:
    """The clock that runs in the row's state."""
    if row.state == "requested":
        return {"response"}
    return {"completion"} if row.state in {"accepted", "in_progress"} else set()


def _sum(view: WaitingView) -> int:
    return view.to_answer + view.to_clarify + view.to_deliver + view.to_confirm
