"""Every message of the system: who owns it, who may see it, who reads it from which queue.

Importing this module fills the registries of :mod:`contracts.envelope`; queue and event names come
from here. An event belongs to the service its name begins with.
"""

from dataclasses import dataclass

from contracts import (
    absence_imports,
    absence_kinds,
    absence_signals,
    absences,
    acceptance_rules,
    allowances,
    appraisals,
    approvals,
    attendance,
    calendars,
    check_ins,
    closings,
    corrections,
    device_lines,
    devices,
    directory,
    elsewhere_policies,
    explanations,
    general_acts,
    help_clocks,
    help_drafts,
    identity,
    indicators,
    insights,
    jobs,
    kiosks,
    kpi,
    ledger,
    load,
    measurements,
    notifications,
    objections,
    overdue_digests,
    own_data,
    people,
    periods,
    places,
    policies,
    recaps,
    receipts,
    recomputations,
    reference_days,
    reviews,
    roster_imports,
    rosters,
    service_levels,
    statements,
    subscriptions,
    tasks,
    tickets,
    trends,
    uploads,
    webhooks,
    work_elsewhere,
    work_events,
    work_items,
    work_plans,
)
from contracts.envelope import CommandBody, EventData, QueryBody
from contracts.services import SERVICES

COMMANDS: dict[str, type[CommandBody]] = CommandBody.registry
QUERIES: dict[str, type[QueryBody]] = QueryBody.registry
EVENTS: dict[str, type[EventData]] = EventData.registry

DIRECTORY_STATE = (
    directory.AgencyChanged.type,
    directory.OfficeChanged.type,
    directory.EmployeeChanged.type,
)

HELP_STATE = tuple(
    sorted(name for name, data in EVENTS.items() if issubclass(data, tasks.HelpRequestFacts))
)
"""Everything that states where a help request stands."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A queue of events and what is bound to it; ``#`` is everything."""

    queue: str
    types: tuple[str, ...]

    @property
    def service(self) -> str:
        """The service that consumes the queue."""
        return self.queue.split(".", 1)[0]


READERS: tuple[Reader, ...] = (
    Reader("attendance.own_copies.on-directory", DIRECTORY_STATE),
    Reader("attendance.absences.on-decided", (absences.AbsenceDecided.type,)),
    Reader("attendance.corrections.on-decided", (corrections.CorrectionDecided.type,)),
    Reader("attendance.objections.on-decided", (objections.ObjectionDecided.type,)),
    Reader("attendance.general_acts.on-decided", (general_acts.ActDecided.type,)),
    Reader("attendance.work_elsewhere.on-decided", (work_elsewhere.ElsewhereDecided.type,)),
    Reader(
        "attendance.periods.on-closing",
        (periods.PeriodClosing.type, periods.PeriodReopening.type, periods.PeriodClosed.type),
    ),
    Reader("tasks.own_copies.on-directory", (*DIRECTORY_STATE, directory.AccountChanged.type)),
    Reader(
        "tasks.notifications.on-events",
        (
            tasks.HelpRequested.type,
            tasks.HelpAccepted.type,
            tasks.HelpAssigned.type,
            tasks.HelpAsked.type,
            tasks.HelpAnswered.type,
            tasks.HelpDeclined.type,
            tasks.HelpDelivered.type,
            tasks.HelpReturned.type,
            tasks.HelpConfirmed.type,
            tasks.HelpWithdrawn.type,
            tasks.HelpExpired.type,
            tasks.HelpHandedOn.type,
            absences.AbsenceRequested.type,
            absences.AbsenceDecided.type,
            corrections.CorrectionRequested.type,
            corrections.CorrectionDecided.type,
            work_elsewhere.ElsewhereRequested.type,
            work_elsewhere.ElsewhereDecided.type,
            check_ins.CheckInHeld.type,
            check_ins.CheckInDecided.type,
            objections.ObjectionRaised.type,
            objections.ObjectionDecided.type,
            attendance.DayReminded.type,
            attendance.DayLeftIncomplete.type,
            tasks.HelpPartDelivered.type,
            tasks.HelpCommented.type,
            tasks.HelpAcceptanceProposed.type,
            help_clocks.HelpWarned.type,
            help_clocks.HelpBreached.type,
            help_clocks.HelpEscalated.type,
            overdue_digests.OverdueDigestMade.type,
            work_events.TaskCreated.type,
            work_events.TaskAssigned.type,
            work_events.TaskCommented.type,
            work_events.TaskCompleted.type,
            periods.PeriodClosed.type,
        ),
    ),
    Reader(
        "tasks.service_levels.on-hours",
        (policies.PolicyChanged.type, calendars.CalendarChanged.type),
    ),
    Reader("tasks.insights.on-help", HELP_STATE),
    Reader("tasks.load.on-absences", (absences.AbsenceDecided.type,)),
    Reader("kpi.own_copies.on-directory", DIRECTORY_STATE),
    Reader("kpi.scorecards.on-indicators", (indicators.IndicatorDecided.type,)),
    Reader("kpi.ledger.on-measurements", (measurements.MeasurementRecorded.type,)),
    Reader("kpi.ledger.on-counts", (attendance.AgencyDayCounted.type,)),
    Reader("kpi.ledger.on-days", (attendance.DayChanged.type, periods.DaySettled.type)),
    Reader(
        "kpi.periods.on-locks", (periods.AttendanceLocked.type, periods.AttendanceUnlocked.type)
    ),
    Reader(
        "kpi.ledger.on-help",
        (
            tasks.HelpAccepted.type,
            tasks.HelpDeclined.type,
            tasks.HelpConfirmed.type,
        ),
    ),
    Reader("subscriptions.log.on-events", ("#",)),
    Reader(
        "subscriptions.own_copies.on-directory",
        (directory.AgencyChanged.type, directory.AccountChanged.type),
    ),
)


def owner(name: str) -> str:
    """The service that a command, query, event or queue belongs to."""
    service = name.split(".", 1)[0]
    if service not in SERVICES:
        raise LookupError(f"{name} names no service of ours")
    return service


def features() -> tuple[str, ...]:
    """The command queues, one per feature folder."""
    return tuple(sorted({body.feature for body in COMMANDS.values()}))


__all__ = [
    "COMMANDS",
    "DIRECTORY_STATE",
    "EVENTS",
    "QUERIES",
    "READERS",
    "SERVICES",
    "Reader",
    "absence_imports",
    "absence_kinds",
    "absence_signals",
    "acceptance_rules",
    "allowances",
    "appraisals",
    "approvals",
    "calendars",
    "check_ins",
    "closings",
    "device_lines",
    "devices",
    "elsewhere_policies",
    "explanations",
    "features",
    "help_clocks",
    "help_drafts",
    "identity",
    "indicators",
    "insights",
    "jobs",
    "kiosks",
    "kpi",
    "ledger",
    "load",
    "measurements",
    "notifications",
    "objections",
    "overdue_digests",
    "own_data",
    "owner",
    "people",
    "periods",
    "places",
    "policies",
    "recaps",
    "receipts",
    "recomputations",
    "reference_days",
    "reviews",
    "roster_imports",
    "rosters",
    "service_levels",
    "statements",
    "subscriptions",
    "tickets",
    "trends",
    "uploads",
    "webhooks",
    "work_events",
    "work_items",
    "work_plans",
]
