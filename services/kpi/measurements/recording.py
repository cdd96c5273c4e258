"""What recording a measurement needs to know: the subject, the indicator, and who may."""

from dataclasses import dataclass

from contracts.envelope import Actor, AgencyCode
from contracts.measurements import MeasurementRequest, MeasurementSource
from contracts.outcome import Refusal
from rules.assignments import main_on
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.indicators.model import Indicator
from services.kpi.measurements.keys import ACCOUNT
from services.kpi.measurements.model import CITY, Subject, fed
from services.kpi.periods.model import Period
from services.kpi.scorecards.rulebook import post_in, rules_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A measurement that may be recorded."""

    subject: Subject
    indicator: Indicator


async def checked(
    request: MeasurementRequest, actor: Actor, source: MeasurementSource, kpi: Kpi
) -> Checked:
    """The subject and indicator of a measurement; refused where it cannot be, or this actor not."""
    if source == "system":
        await _key_may(actor, request.indicator, kpi)
    subject = await subject_of(request.subject, request.period, kpi)
    if source != "system":
        access.may_measure(actor, subject, await kpi.copies.tree())
    if subject is None:
        raise Refusal.invalid("/subject", "the id of a person, the code of an agency, or city")
    period = Period.of(request.period)
    ruled = "" if subject.kind == "city" else subject.id
    rules = await rules_of(ruled, period, subject.kind, kpi)
    return Checked(subject, fed(rules, request.indicator, subject.kind))


async def subject_of(text: str, month: str, kpi: Kpi) -> Subject | None:
    """Who or what a text names: the city, an agency, or a person with the post of that month.

    None for nobody, and for a person who has no post then.
    """
    if text == CITY:
        root = min((await kpi.copies.tree()).roots(), default="")
        return Subject("city", CITY, AgencyCode(root))
    if await kpi.copies.knows_agency(text):
        return Subject("agency", text, AgencyCode(text))
    person = await kpi.copies.person(text)
    if person is None:
        return None
    period = Period.of(month)
    post = post_in(person.assignments, period) or main_on(person.assignments, period.last)
    if post is None:
        return None
    return Subject("employee", text, AgencyCode(post.agency))


def source_of(actor: Actor) -> MeasurementSource:
    """How a measurement comes that this actor sends alone."""
    return "system" if actor.account.startswith(ACCOUNT) else "hand"


async def _key_may(actor: Actor, indicator: str, kpi: Kpi) -> None:
    """A key feeds its own indicators; looked at again here, for it may have been revoked since."""
    stored = await kpi.measurement_keys.get(actor.account.removeprefix(ACCOUNT))
    if stored is None or stored.state.revoked_at is not None:
        raise Refusal("token_invalid")
    if indicator not in stored.state.indicators:
        raise Refusal("forbidden")
