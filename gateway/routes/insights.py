"""Insights into help between agencies over HTTP, as JSON or as a table."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from starlette.responses import Response

from contracts.envelope import QueryBody
from contracts.insights import (
    HelpInsights,
    HelpInsightsView,
    HelpInsightView,
    PeriodView,
    TimesView,
    WaitingInsights,
    WaitingInsightsView,
)
from gateway.accepted import preferred
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.tables import CSV, Cell, csv_lines

router = APIRouter(prefix="/v1/insights", tags=["insights"])

V = TypeVar("V", bound=BaseModel)
_Accept = Annotated[str | None, Header(max_length=500)]

_DEADLINE_S = 15.0
_STRETCHES = ("total", "before", "after")
_CLOCKS = ("response", "completion")
_FIGURES = tuple(TimesView.model_fields)


def _answers(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    table = {"content": {CSV: {"schema": {"type": "string"}}}}
    told = answers(model)
    return {**told, 200: {**told[200], **table}}


@router.get("/help", summary="Tell how fast help comes", responses=_answers(HelpInsightsView))
async def help_insights(
    call: Call, wanted: Annotated[HelpInsights, Query()], accept: _Accept = None
) -> Response:
    """Median and 90th percentile of response and completion, before and after the agencies' start.

    Grouped by `pair` (asking and responding agency), `agency` (responding) or `city`, of the
    agencies you answer for; `text/csv` by *Accept*.
    """
    return await _told(call, wanted, accept, HelpInsightsView, _help_rows, "bantuan")


@router.get(
    "/waiting", summary="Tell what is waiting for whom", responses=_answers(WaitingInsightsView)
)
async def waiting_insights(
    call: Call, wanted: Annotated[WaitingInsights, Query()], accept: _Accept = None
) -> Response:
    """What waits for each agency you answer for now, and since when; `text/csv` by *Accept*."""
    return await _told(call, wanted, accept, WaitingInsightsView, _waiting_rows, "menunggu")


async def _told(
    call: CallContext,
    wanted: QueryBody,
    accept: str | None,
    model: type[V],
    rows: Callable[[V], Iterator[Sequence[Cell]]],
    name: str,
) -> Response:
    answer = await call.ask(wanted, deadline_s=_DEADLINE_S)
    if answer.result is None or preferred(accept, ("application/json", CSV)) != CSV:
        return call.tell(answer)
    text = csv_lines(rows(model.model_validate_json(answer.result)))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type=CSV, headers=headers)


def _help_rows(view: HelpInsightsView) -> Iterator[Sequence[Cell]]:
    figures = [
        f"{stretch}_{clock}_{figure}"
        for stretch in _STRETCHES
        for clock in _CLOCKS
        for figure in _FIGURES
    ]
    counts = [f"{stretch}_requests" for stretch in _STRETCHES]
    yield ["asking_agency", "responding_agency", "active_from", *counts, *figures]
    for item in view.items:
        stretches = _stretches(item)
        start = item.active_from.isoformat() if item.active_from else ""
        yield [
            item.asking_agency or "",
            item.responding_agency or "",
            start,
            *(stretch.requests for stretch in stretches),
            *(cell for stretch in stretches for cell in _cells(stretch)),
        ]


def _stretches(item: HelpInsightView) -> tuple[PeriodView, PeriodView, PeriodView]:
    return item.total, item.before, item.after


def _cells(period: PeriodView) -> Iterator[Cell]:
    for times in (period.response, period.completion):
        yield from (getattr(times, figure) if times else "" for figure in _FIGURES)


def _waiting_rows(view: WaitingInsightsView) -> Iterator[Sequence[Cell]]:
    counts = ("to_answer", "to_clarify", "to_deliver", "to_confirm", "overdue")
    yield ["agency", *counts, "oldest_since"]
    for item in view.items:
        numbers = [getattr(item, count) for count in counts]
        yield [item.agency or "", *numbers, item.oldest_since.isoformat()]
