"""A version of an agency's attendance policy as callers see it."""

from typing import Any
from zoneinfo import ZoneInfo

from contracts.envelope import AgencyCode
from contracts.policies import GroupTerms, GroupView, PolicyTerms, PolicyView
from rules.patterns import PatternVersion
from rules.policy_terms import week_of
from services.attendance.policies.model import PolicyVersion
from services.attendance.policies.terms import terms_shown


def policy_view(
    agency: str,
    version: PolicyVersion,
    *,
    written: int,
    local: ZoneInfo,
    names: bool,
    actions: tuple[str, ...],
) -> PolicyView:
    """A version that was entered; people of a group are named to those who may know them."""
    return PolicyView(
        **_terms(version.terms),
        id=version.id,
        agency=AgencyCode(agency),
        group=_group(version.group, names=names) if version.group else None,
        effective_from=version.effective_from,
        recorded_at=version.recorded_at.astimezone(local),
        decree=version.decree,
        weekly_minutes=week_of(version.terms.week).minutes,
        variant_weekly_minutes={
            each.span: week_of(each.week).minutes for each in version.terms.variants
        },
        version=written,
        actions=actions,
    )


def shipped_view(pattern: PatternVersion, *, local: ZoneInfo) -> PolicyView:
    """The pattern that rules where nothing has been entered."""
    return PolicyView(
        **_terms(terms_shown(pattern)),
        id=pattern.id,
        agency=None,
        group=None,
        effective_from=pattern.effective_from,
        recorded_at=pattern.recorded_at.astimezone(local),
        decree=pattern.decree,
        weekly_minutes=pattern.week.minutes,
        variant_weekly_minutes={each.span: each.week.minutes for each in pattern.variants},
        version=0,
    )


def _terms(terms: PolicyTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in PolicyTerms.model_fields}


def _group(group: GroupTerms, *, names: bool) -> GroupView:
    return GroupView(
        name=group.name,
        members=len(group.employees),
        employees=group.employees if names else (),
        positions=group.positions,
    )
