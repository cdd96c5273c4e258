"""Absences are asked for, decided, and reach the days they cover."""

import asyncio
from collections.abc import Sequence
from functools import partial

from contracts import absences as asked
from contracts.envelope import Answer, Command, EmployeeId, Event, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from services.attendance.absence_kinds.model import Kind, kinds_on
from services.attendance.absences.model import Absence, Stretch, check_kind
from services.attendance.absences.store import between
from services.attendance.absences.views import absence_view
from services.attendance.bookings.model import Booking
from services.attendance.context import Attendance
from services.attendance.days.settling import settle
from services.attendance.periods.asking import must_be_open
from services.attendance.requests import acting
from services.attendance.requests.asking import Asker, asker_of, book

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(asked.RequestAbsence)
async def request_absence(
    command: Command[asked.RequestAbsence], attendance: Attendance
) -> Verdict:
    """Ask that an absence be approved, for oneself or for whom one decides about."""
    body = command.body
    asker = await asker_of(command, attendance, body.employee_id)
    stretch = Stretch.read(body.from_, body.to, asker.time_zone)
    await must_be_open(attendance, asker, stretch.first, stretch.last)
    kind = await _kind(body.kind, stretch, attendance)
    check_kind(kind, stretch, body.reference)
    if kind.counts_as == "unexcused" and not asker.decides_on(stretch.first):
        raise Refusal("forbidden")
    fresh = _fresh(command, asker, kind, stretch)
    booking = Booking(fresh.id, "absence", *stretch.span(asker.time_zone))
    await book(attendance, fresh, booking, command, zone_name=asker.time_zone)
    return await acting.ask(
        command, attendance, attendance.absences, fresh, absence_view, note=body.note
    )


@handlers.handles(asked.ApproveAbsence)
async def approve_absence(
    command: Command[asked.ApproveAbsence], attendance: Attendance
) -> Verdict:
    """Approve; the days it covers follow."""
    return await acting.act(command, attendance, attendance.absences, "approve", absence_view)


@handlers.handles(asked.RejectAbsence)
async def reject_absence(command: Command[asked.RejectAbsence], attendance: Attendance) -> Verdict:
    """Reject with a reason; the time is free again."""
    return await acting.act(command, attendance, attendance.absences, "reject", absence_view)


@handlers.handles(asked.WithdrawAbsence)
async def withdraw_absence(
    command: Command[asked.WithdrawAbsence], attendance: Attendance
) -> Verdict:
    """Take it back; the days are what they would be without it."""
    return await acting.act(command, attendance, attendance.absences, "withdraw", absence_view)


@handlers.reads("attendance.absences.on-decided")
async def follow_decisions(
    events: Sequence[Event[asked.AbsenceDecided]], attendance: Attendance
) -> None:
    """Bring the days into line with the absence as it stands, and free the time of ended ones."""
    await asyncio.gather(*(_follow(event, attendance) for event in events))


async def _follow(event: Event[asked.AbsenceDecided], attendance: Attendance) -> None:
    id_ = event.data.absence
    await settle(attendance, partial(attendance.absences.get, id_), event)
    stored = await attendance.absences.get(id_)
    if stored is not None and not stored.state.is_live:
        await attendance.bookings.free(stored.state.employee, id_, event)


@handlers.answers(asked.GetAbsence)
async def get_absence(query: Query[asked.GetAbsence], attendance: Attendance) -> Answer:
    """One absence, with what the caller may do now."""
    return await acting.show(query, attendance, attendance.absences, absence_view)


@handlers.answers(asked.ListAbsences)
async def list_absences(
    query: Query[asked.ListAbsences], attendance: Attendance
) -> Page[asked.AbsenceView]:
    """The absences the caller may see, newest request first."""
    body = query.body
    conditions = between(body.from_, body.to)
    if body.kind:
        conditions.append({"kind": {"$in": list(body.kind)}})
    return await acting.page(query, attendance, attendance.absences, absence_view, conditions)


async def _kind(code: str, stretch: Stretch, attendance: Attendance) -> Kind:
    kinds = kinds_on(stretch.first, await attendance.absence_kinds.all())
    if code not in kinds:
        raise Refusal.invalid("/kind", f"one of {', '.join(kinds) or 'no kind in force that day'}")
    return kinds[code]


def _fresh(
    command: Command[asked.RequestAbsence], asker: Asker, kind: Kind, stretch: Stretch
) -> Absence:
    agencies = asker.agencies_on(stretch.first)
    return Absence(
        id=derived_id("absence", command.id),
        employee=EmployeeId(asker.person.id),
        agency=agencies[0],
        agencies=agencies,
        requested_at=command.received_at,
        kind=kind.code,
        counts_as=kind.counts_as,
        status=kind.day_status,
        stretch=stretch,
        time_zone=asker.time_zone,
        reference=command.body.reference,
        attachments=command.body.attachments,
        note=command.body.note,
    )
