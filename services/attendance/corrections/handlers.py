"""Corrections are asked for, decided, and reach their day; the original punches stay."""

import asyncio
from collections.abc import Sequence
from functools import partial

from contracts import corrections as asked
from contracts.envelope import Answer, Command, EmployeeId, Event, Query, Verdict
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from services.attendance.context import Attendance
from services.attendance.corrections.model import Correction, check_moments
from services.attendance.corrections.store import between
from services.attendance.corrections.views import correction_view
from services.attendance.days.settling import settle
from services.attendance.periods.asking import must_be_open
from services.attendance.requests import acting
from services.attendance.requests.asking import asker_of

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(asked.RequestCorrection)
async def request_correction(
    command: Command[asked.RequestCorrection], attendance: Attendance
) -> Verdict:
    """Ask that a day be corrected, one's own or that of whom one decides about."""
    body = command.body
    asker = await asker_of(command, attendance, body.employee_id)
    at = command.received_at
    check_moments(body.date, body.first_in, body.last_out, asker.time_zone, at)
    await must_be_open(attendance, asker, body.date, body.date)
    agencies = asker.agencies_on(body.date)
    fresh = Correction(
        id=derived_id("correction", command.id),
        employee=EmployeeId(asker.person.id),
        agency=agencies[0],
        agencies=agencies,
        requested_at=at,
        date=body.date,
        time_zone=asker.time_zone,
        reason=body.reason,
        first_in=body.first_in,
        last_out=body.last_out,
        attachments=body.attachments,
    )
    return await acting.ask(command, attendance, attendance.corrections, fresh, correction_view)


@handlers.handles(asked.ApproveCorrection)
async def approve_correction(
    command: Command[asked.ApproveCorrection], attendance: Attendance
) -> Verdict:
    """Approve; the stated moments count."""
    return await acting.act(command, attendance, attendance.corrections, "approve", correction_view)


@handlers.handles(asked.RejectCorrection)
async def reject_correction(
    command: Command[asked.RejectCorrection], attendance: Attendance
) -> Verdict:
    """Reject with a reason; what was recorded stands."""
    return await acting.act(command, attendance, attendance.corrections, "reject", correction_view)


@handlers.handles(asked.WithdrawCorrection)
async def withdraw_correction(
    command: Command[asked.WithdrawCorrection], attendance: Attendance
) -> Verdict:
    """Take it back; what was recorded counts again."""
    return await acting.act(
        command, attendance, attendance.corrections, "withdraw", correction_view
    )


@handlers.reads("attendance.corrections.on-decided")
async def follow_decisions(
    events: Sequence[Event[asked.CorrectionDecided]], attendance: Attendance
) -> None:
    """Bring the day into line with the correction as it stands."""
    await asyncio.gather(
        *(
            settle(attendance, partial(attendance.corrections.get, event.data.correction), event)
            for event in events
        )
    )


@handlers.answers(asked.GetCorrection)
async def get_correction(query: Query[asked.GetCorrection], attendance: Attendance) -> Answer:
    """One correction, with what the caller may do now."""
    return await acting.show(query, attendance, attendance.corrections, correction_view)


@handlers.answers(asked.ListCorrections)
async def list_corrections(
    query: Query[asked.ListCorrections], attendance: Attendance
) -> Page[asked.CorrectionView]:
    """The corrections the caller may see, newest request first."""
    conditions = between(query.body.from_, query.body.to)
    return await acting.page(query, attendance, attendance.corrections, correction_view, conditions)
