"""The indicators, for everybody who is measured by them."""

from contracts.envelope import Query
from contracts.kpi import IndicatorList, IndicatorView, ListIndicators
from kit.messaging.handlers import Handlers
from services.kpi.context import Kpi
from services.kpi.indicators.measures import shown
from services.kpi.indicators.model import Indicator, ruling

handlers: Handlers[Kpi] = Handlers()


@handlers.answers(ListIndicators)
async def list_indicators(query: Query[ListIndicators], kpi: Kpi) -> IndicatorList:
    """Every version of every indicator, or those that rule a day."""
    on = query.body.on
    versions = kpi.indicators if on is None else ruling(kpi.indicators, on)
    return IndicatorList(items=tuple(_view(one, query.language) for one in versions))


def _view(indicator: Indicator, language: str) -> IndicatorView:
    return IndicatorView(
        code=indicator.code,
        version=indicator.version,
        name=indicator.name.told(language),
        scope=indicator.scope,
        formula=indicator.formula.told(language),
        measure=indicator.measure,
        unit=indicator.unit,
        direction=indicator.direction,
        target=shown(indicator.target),
        cap=shown(indicator.cap),
        weight=shown(indicator.weight),
        missing=indicator.missing.told(language),
        effective_from=indicator.effective_from,
        recorded_at=indicator.recorded_at,
        decree=indicator.decree,
    )
