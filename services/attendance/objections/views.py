"""An objection as callers see it."""

from contracts.objections import AboutShown, AboutView, FindingView, ObjectionView, RemedyView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.objections.model import Objection
from services.attendance.requests.onlooker import Onlooker, possible


def objection_view(stored: Stored[Objection], onlooker: Onlooker) -> ObjectionView:
    """The objection with its history and what this caller may do with it now."""
    one = stored.state
    here = zone(one.time_zone)
    remedy, finding = one.remedy, one.finding
    return ObjectionView(
        id=one.id,
        about=AboutShown(
            day=AboutView(
                employee=onlooker.person(one.employee),
                date=one.date,
                finding=FindingView(
                    status=finding.status,
                    late_minutes=finding.late_minutes,
                    late_band=finding.late_band,
                    early_minutes=finding.early_minutes,
                    early_band=finding.early_band,
                    day_version=finding.day_version,
                ),
            )
        ),
        agency=one.agency,
        reason=one.reason,
        attachments=one.attachments,
        remedy=RemedyView(
            first_in=remedy.first_in.astimezone(here) if remedy.first_in else None,
            last_out=remedy.last_out.astimezone(here) if remedy.last_out else None,
            excuse=remedy.excuse,
        ),
        deadline=one.deadline,
        state=one.state,
        requested_at=one.requested_at.astimezone(here),
        history=onlooker.steps(one, one.time_zone),
        actions=possible(onlooker.rights(one), one),
        version=stored.version,
    )
