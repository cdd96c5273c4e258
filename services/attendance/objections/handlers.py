"""Objections are raised by their deadline, answered, and reach their day."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial

from contracts import objections as asked
from contracts.envelope import Answer, Command, EmployeeId, Event, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.attendance.context import Attendance
from services.attendance.corrections.model import check_moments
from services.attendance.corrections.store import between
from services.attendance.days.model import Day, day_id
from services.attendance.days.settling import settle
from services.attendance.objections.model import (
    Finding,
    Objection,
    Remedy,
    check_in_time,
    deadline_of,
)
from services.attendance.objections.store import objection_id
from services.attendance.objections.views import objection_view
from services.attendance.requests import acting
from services.attendance.requests.asking import Asker, asker_of

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(asked.RaiseObjection)
async def raise_objection(
    command: Command[asked.RaiseObjection], attendance: Attendance
) -> Verdict:
    """Object to what was found about a day, one's own or that of whom one decides about."""
    about = command.body.about.day
    asker = await asker_of(command, attendance, about.employee_id)
    fresh = await _fresh(command, asker, attendance)
    onlooker = asker.onlooker
    return await attendance.objections.change(
        fresh.id,
        lambda known: fresh.raised_over(known, onlooker.deed()),
        command,
        answer=lambda stored: objection_view(stored, onlooker),
        status=201,
    )


async def _fresh(
    command: Command[asked.RaiseObjection], asker: Asker, attendance: Attendance
) -> Objection:
    body, person, on = command.body, asker.person, command.body.about.day.date
    agencies = asker.agencies_on(on)
    found = await attendance.days.get(person.id, on)
    if found is None or found.state.status == "open":
        raise Refusal.invalid("/about/day/date", "a day about which something was found")
    rules = await attendance.patterns.rules_on(person, on, agency=found.state.agency)
    deadline = deadline_of(on, rules.objection_days)
    check_in_time(deadline, asker.onlooker.today)
    remedy = _remedy(body.remedy)
    _check(remedy, command, on, asker.time_zone)
    return Objection(
        id=objection_id(day_id(person.id, on)),
        employee=EmployeeId(person.id),
        agency=agencies[0],
        agencies=agencies,
        requested_at=command.received_at,
        date=on,
        time_zone=asker.time_zone,
        reason=body.reason,
        finding=_finding(found),
        remedy=remedy,
        deadline=deadline,
        attachments=body.attachments,
    )


@handlers.handles(asked.ApproveObjection)
async def approve_objection(
    command: Command[asked.ApproveObjection], attendance: Attendance
) -> Verdict:
    """Find it right; what was asked for, or what is granted instead, takes effect."""
    given = command.body.remedy
    remedy = None if given is None else _remedy(given)

    def grant(objection: Objection) -> Objection:
        if remedy is not None:
            _check(remedy, command, objection.date, objection.time_zone)
        return objection.with_remedy(remedy)

    return await acting.act(
        command, attendance, attendance.objections, "approve", objection_view, amend=grant
    )


@handlers.handles(asked.RejectObjection)
async def reject_objection(
    command: Command[asked.RejectObjection], attendance: Attendance
) -> Verdict:
    """Find it wrong, with a reason; the finding stands."""
    return await acting.act(command, attendance, attendance.objections, "reject", objection_view)


@handlers.handles(asked.WithdrawObjection)
async def withdraw_objection(
    command: Command[asked.WithdrawObjection], attendance: Attendance
) -> Verdict:
    """Take it back; the day is what it would be without it."""
    return await acting.act(command, attendance, attendance.objections, "withdraw", objection_view)


@handlers.reads("attendance.objections.on-decided")
async def follow_decisions(
    events: Sequence[Event[asked.ObjectionDecided]], attendance: Attendance
) -> None:
    """Bring the day into line with the objection as it stands."""
    await asyncio.gather(
        *(
            settle(attendance, partial(attendance.objections.get, event.data.objection), event)
            for event in events
        )
    )


@handlers.answers(asked.GetObjection)
async def get_objection(query: Query[asked.GetObjection], attendance: Attendance) -> Answer:
    """One objection, with what the caller may do now."""
    return await acting.show(query, attendance, attendance.objections, objection_view)


@handlers.answers(asked.ListObjections)
async def list_objections(
    query: Query[asked.ListObjections], attendance: Attendance
) -> Page[asked.ObjectionView]:
    """The objections the caller may see, newest first."""
    conditions = between(query.body.from_, query.body.to)
    return await acting.page(query, attendance, attendance.objections, objection_view, conditions)


def _remedy(given: asked.Remedy) -> Remedy:
    return Remedy(given.first_in, given.last_out, given.excuse)


def _check(
    remedy: Remedy,
    command: Command[asked.RaiseObjection] | Command[asked.ApproveObjection],
    on: date,
    time_zone: str,
) -> None:
    """Refuse moments that are none of the day."""
    if remedy.excuse is None:
        at = command.received_at
        check_moments(on, remedy.first_in, remedy.last_out, time_zone, at, under="/remedy")


def _finding(stored: Stored[Day]) -> Finding:
    day = stored.state
    return Finding(
        status=day.status,
        late_minutes=day.late_minutes,
        late_band=day.late_band,
        early_minutes=day.early_minutes,
        early_band=day.early_band,
        day_version=stored.version,
    )
