"""Policies of work elsewhere are entered by the administrator, and shown to whom they rule."""

from zoneinfo import ZoneInfo

from contracts.elsewhere_policies import (
    AddElsewherePolicy,
    ElsewherePoliciesView,
    ElsewherePolicyView,
    ElsewhereTerms,
    ListElsewherePolicies,
)
from contracts.envelope import AgencyCode, Command, Query, Verdict
from contracts.outcome import Decision
from kit.clock import now
from kit.messaging.handlers import Handlers
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.elsewhere_policies.model import (
    AgencyElsewhere,
    ElsewherePolicy,
    policy_on,
)

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(AddElsewherePolicy)
async def add_elsewhere_policy(
    command: Command[AddElsewherePolicy], attendance: Attendance
) -> Verdict:
    """Enter a version; what was asked for before keeps its place."""
    access.may_set_policies(command.actor)
    body, written_at = command.body, now()
    await attendance.copies.must_know(body.agency)
    local = zone(await attendance.copies.zone_of(body.agency))

    def decide(known: AgencyElsewhere | None) -> Decision[AgencyElsewhere]:
        standing = known or AgencyElsewhere(AgencyCode(body.agency), (), written_at)
        return standing.add(body.policy, recorded_at=command.received_at, written_at=written_at)

    return await attendance.elsewhere_policies.change(
        body.agency, decide, command, answer=lambda stored: _view(stored.state.versions[-1], local)
    )


@handlers.answers(ListElsewherePolicies)
async def list_elsewhere_policies(
    query: Query[ListElsewherePolicies], attendance: Attendance
) -> ElsewherePoliciesView:
    """What an agency has entered, newest first; or what rules it on a day, from wherever."""
    access.may_see_policies(query.actor)
    body = query.body
    await attendance.copies.must_know(body.agency)
    local = zone(await attendance.copies.zone_of(body.agency))
    if body.on is not None:
        path = (await attendance.copies.tree()).path(body.agency)
        ruling = policy_on(body.on, path, await attendance.elsewhere_policies.all())
        return ElsewherePoliciesView(items=(_view(ruling, local),))
    stored = await attendance.elsewhere_policies.get(body.agency)
    versions = stored.state.versions if stored else ()
    return ElsewherePoliciesView(items=tuple(_view(each, local) for each in reversed(versions)))


def _view(policy: ElsewherePolicy, local: ZoneInfo) -> ElsewherePolicyView:
    return ElsewherePolicyView(
        **{name: getattr(policy.terms, name) for name in ElsewhereTerms.model_fields},
        id=policy.id,
        agency=policy.agency,
        effective_from=policy.effective_from,
        recorded_at=policy.recorded_at.astimezone(local),
        decree=policy.decree,
    )
