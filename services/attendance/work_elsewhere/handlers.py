"""Days of work elsewhere are asked for within the quotas, decided, reported, and reach the day."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from contracts import work_elsewhere as asked
from contracts.envelope import Answer, Command, EmployeeId, Event, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from rules.assignments import main_on
from services.attendance.bookings.model import Booking
from services.attendance.context import Attendance
from services.attendance.corrections.store import between
from services.attendance.days.settling import rules_of, settle
from services.attendance.elsewhere_policies.model import ElsewherePolicy, policy_on
from services.attendance.requests import acting
from services.attendance.requests.asking import Asker, asker_of, book
from services.attendance.work_elsewhere.model import WorkElsewhere
from services.attendance.work_elsewhere.views import elsewhere_view

handlers: Handlers[Attendance] = Handlers()

_LONGEST_HOLIDAY = 21
"""How many days back the working day before is looked for."""


@handlers.handles(asked.RequestElsewhere)
async def request_elsewhere(
    command: Command[asked.RequestElsewhere], attendance: Attendance
) -> Verdict:
    """Ask to work elsewhere on a day, where person and agency have a place left."""
    body = command.body
    asker = await asker_of(command, attendance, body.employee_id)
    if body.date < asker.onlooker.today:
        raise Refusal.invalid("/date", f"not before {asker.onlooker.today}")
    agencies = asker.agencies_on(body.date)
    policy = await _policy(agencies[0], body.date, attendance)
    main = main_on(asker.person.assignments, body.date)
    at = (body.position.lat, body.position.lon) if body.position else None
    policy.check(body.date, main.position if main else None, at)
    if policy.terms.not_after_absence:
        await _check_day_before(asker, body.date, policy, attendance)
    fresh = WorkElsewhere(
        id=derived_id("work-elsewhere", command.id),
        employee=EmployeeId(asker.person.id),
        agency=agencies[0],
        agencies=agencies,
        requested_at=command.received_at,
        date=body.date,
        time_zone=asker.time_zone,
        plan=body.plan,
        place=body.place,
        report_days=policy.terms.report_within_days,
        policy=policy.id,
    )
    await _take_places(command, attendance, fresh, policy)
    return await acting.ask(command, attendance, attendance.work_elsewhere, fresh, elsewhere_view)


async def _check_day_before(
    asker: Asker, on: date, policy: ElsewherePolicy, attendance: Attendance
) -> None:
    """Refuse the day after an absence; days on which nobody has to come do not part the two."""
    before = on
    for _ in range(_LONGEST_HOLIDAY):
        before -= timedelta(days=1)
        rules = await rules_of(attendance, asker.person, before)
        if rules is not None and rules.start is not None and rules.end is not None:
            found = await attendance.bookings.of_many([asker.person.id])
            booked = found.get(asker.person.id)
            away = booked.between("absence", rules.start, rules.end) if booked else None
            if away is not None:
                detail = f"not right after an absence: {away.id} ({policy.decree})"
                raise Refusal.invalid("/date", detail)
            return


async def _policy(agency: str, on: date, attendance: Attendance) -> ElsewherePolicy:
    path = (await attendance.copies.tree()).path(agency)
    return policy_on(on, path, await attendance.elsewhere_policies.all())


async def _take_places(
    command: Command[asked.RequestElsewhere],
    attendance: Attendance,
    fresh: WorkElsewhere,
    policy: ElsewherePolicy,
) -> None:
    """A place in the person's week and one in the agency's day; both or none."""
    members = await attendance.copies.people.members_of(fresh.agency, fresh.date)
    booking = Booking(fresh.id, "work_elsewhere", *fresh.span())
    most, zone_name = policy.terms.most_a_week, fresh.time_zone
    await book(attendance, fresh, booking, command, most_a_week=most, zone_name=zone_name)
    try:
        await attendance.work_elsewhere.take_place(
            fresh.agency, fresh.date, fresh.id, policy.most_of(len(members)), command
        )
    except Refusal:
        await attendance.bookings.free(fresh.employee, fresh.id, command)
        raise


@handlers.handles(asked.ApproveElsewhere)
async def approve_elsewhere(
    command: Command[asked.ApproveElsewhere], attendance: Attendance
) -> Verdict:
    """Approve; the day follows."""
    return await acting.act(
        command, attendance, attendance.work_elsewhere, "approve", elsewhere_view
    )


@handlers.handles(asked.RejectElsewhere)
async def reject_elsewhere(
    command: Command[asked.RejectElsewhere], attendance: Attendance
) -> Verdict:
    """Reject with a reason."""
    return await acting.act(
        command, attendance, attendance.work_elsewhere, "reject", elsewhere_view
    )


@handlers.handles(asked.WithdrawElsewhere)
async def withdraw_elsewhere(
    command: Command[asked.WithdrawElsewhere], attendance: Attendance
) -> Verdict:
    """Take it back; the places are free again."""
    return await acting.act(
        command, attendance, attendance.work_elsewhere, "withdraw", elsewhere_view
    )


@handlers.handles(asked.ReportElsewhere)
async def report_elsewhere(
    command: Command[asked.ReportElsewhere], attendance: Attendance
) -> Verdict:
    """Report what came of the day: only whose day it was."""
    body = command.body
    stored, onlooker = await acting.see(command, attendance, attendance.work_elsewhere)
    if command.actor.employee != stored.state.employee:
        raise Refusal("forbidden")

    def decide(known: WorkElsewhere | None) -> Decision[WorkElsewhere]:
        if known is None:
            raise Refusal("not_found")
        return known.reported(body.output, body.links, onlooker.deed())

    return await attendance.work_elsewhere.change(
        body.id,
        decide,
        command,
        answer=lambda stored: elsewhere_view(stored, onlooker),
        if_match=body.if_match,
    )


@handlers.reads("attendance.work_elsewhere.on-decided")
async def follow_decisions(
    events: Sequence[Event[asked.ElsewhereDecided]], attendance: Attendance
) -> None:
    """Bring the day into line with the request as it stands, and free what it no longer holds."""
    await asyncio.gather(*(_follow(event, attendance) for event in events))


async def _follow(event: Event[asked.ElsewhereDecided], attendance: Attendance) -> None:
    id_ = event.data.request
    await settle(attendance, partial(attendance.work_elsewhere.get, id_), event)
    stored = await attendance.work_elsewhere.get(id_)
    if stored is not None and not stored.state.is_live:
        one = stored.state
        await attendance.bookings.free(one.employee, id_, event)
        await attendance.work_elsewhere.give_back(one.agency, one.date, id_, event)


@handlers.answers(asked.GetElsewhere)
async def get_elsewhere(query: Query[asked.GetElsewhere], attendance: Attendance) -> Answer:
    """One day of work elsewhere, with what the caller may do now."""
    return await acting.show(query, attendance, attendance.work_elsewhere, elsewhere_view)


@handlers.answers(asked.ListElsewhere)
async def list_elsewhere(
    query: Query[asked.ListElsewhere], attendance: Attendance
) -> Page[asked.ElsewhereView]:
    """The days of work elsewhere the caller may see, newest request first."""
    conditions = between(query.body.from_, query.body.to)
    return await acting.page(
        query, attendance, attendance.work_elsewhere, elsewhere_view, conditions
    )
