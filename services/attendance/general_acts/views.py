"""A general act as callers see it."""

from contracts.general_acts import GeneralActView, ScopeView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.general_acts.model import GeneralAct
from services.attendance.requests.onlooker import Onlooker, possible


def general_act_view(stored: Stored[GeneralAct], onlooker: Onlooker) -> GeneralActView:
    """The act with its history and what this caller may do with it now."""
    act = stored.state
    here = zone(act.time_zone)
    return GeneralActView(
        id=act.id,
        effect=act.effect,
        scope=_scope(act, onlooker),
        concerned=() if act.employees else act.agencies,
        from_=act.start.astimezone(here),
        to=act.end.astimezone(here),
        decree=act.decree,
        reason=act.reason,
        state=act.state,
        requested_at=act.requested_at.astimezone(here),
        history=onlooker.steps(act, act.time_zone),
        actions=possible(onlooker.rights(act), act),
        version=stored.version,
    )


def _scope(act: GeneralAct, onlooker: Onlooker) -> ScopeView:
    named = act.employees if onlooker.sees_names_in(act) else None
    said = act.said
    return ScopeView(
        city=said.city or None,
        agencies=said.agencies or None,
        offices=said.offices or None,
        employees=named or None,
        people=len(act.employees) or None,
        device=said.device,
        service=said.service,
    )
