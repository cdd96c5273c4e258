"""A day of work elsewhere as callers see it."""

from contracts.requests import RequestAction
from contracts.work_elsewhere import ElsewhereView, ReportView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.requests.onlooker import Onlooker, possible
from services.attendance.work_elsewhere.model import WorkElsewhere


def elsewhere_view(stored: Stored[WorkElsewhere], onlooker: Onlooker) -> ElsewhereView:
    """The day with its history, its report, and what this caller may do with it now."""
    one = stored.state
    here = zone(one.time_zone)
    actions: tuple[RequestAction, ...] = possible(onlooker.rights(one), one)
    if one.state == "approved" and onlooker.actor.employee == one.employee:
        actions = (*actions, "report")
    report = one.report
    return ElsewhereView(
        id=one.id,
        employee=onlooker.person(one.employee),
        agency=one.agency,
        date=one.date,
        place=one.place,
        plan=one.plan,
        policy=one.policy,
        report_due=one.report_due,
        report=ReportView(
            output=report.output,
            links=report.links,
            at=report.at.astimezone(here),
            late=report.at > one.report_due,
        )
        if report
        else None,
        report_overdue=one.state == "approved" and report is None and onlooker.at > one.report_due,
        state=one.state,
        requested_at=one.requested_at.astimezone(here),
        history=onlooker.steps(one, one.time_zone),
        actions=actions,
        version=stored.version,
    )
