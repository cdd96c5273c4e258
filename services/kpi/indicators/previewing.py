"""A preview is checked and becomes a job."""

from contracts.envelope import Command, Verdict
from contracts.indicators import PreviewIndicator, VersionName
from contracts.outcome import Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.proposals import drafted

handlers: Handlers[Kpi] = Handlers()

PREVIEW = "preview_indicator"


@handlers.handles(PreviewIndicator)
async def preview_indicator(command: Command[PreviewIndicator], kpi: Kpi) -> Verdict:
    """Make a job that computes a month under a version that does not rule it."""
    access.may_preview_indicators(command.actor, await kpi.copies.tree())
    body = command.body
    await version_of(body, kpi)
    return await kpi.jobs.create(command, PREVIEW, body, about=f"{body.code} {body.period}")


async def version_of(body: PreviewIndicator, kpi: Kpi) -> Indicator:
    """The version that is tried; refused where there is none or its formula is wrong."""
    if (body.number is None) == (body.draft is None):
        raise Refusal.invalid("/draft", "name a version, or send a draft")
    versions = await kpi.book.versions()
    if body.draft is not None:
        return drafted(body.code, body.draft, number=9_999, by="draft", at=now())
    name = VersionName(code=body.code, number=body.number or 1)
    for one in versions:
        if (one.code, one.number) == (name.code, name.number):
            return one
    raise Refusal("not_found")
