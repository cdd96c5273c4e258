"""Closing is decided elsewhere; attendance locks and lets go, and says what is still open."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from contracts.envelope import AgencyCode, Event, Query
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.periods import (
    AttendanceReadiness,
    GetAttendanceReadiness,
    ListSettlements,
    PeriodClosed,
    PeriodClosing,
    PeriodReopening,
    SettlementView,
)
from kit.clock import now
from kit.jobs.store import job_id
from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from kit.storage.connection import Document
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.periods.model import AgencyPeriod
from services.attendance.periods.readiness import open_items
from services.attendance.periods.settlements import Settlement
from services.attendance.periods.views import settlement_view
from services.attendance.periods.work import LOCK, UNLOCK, PeriodWork

handlers: Handlers[Attendance] = Handlers()


@handlers.reads("attendance.periods.on-closing")
async def follow_closings(events: Sequence[Event[Any]], attendance: Attendance) -> None:
    """Lock a month that is being closed, let go of one that is reopened, keep its fingerprint."""
    for event in events:
        match event.data:
            case PeriodClosing():
                await _lock(attendance, event)
            case PeriodReopening():
                await _unlock(attendance, event)
            case PeriodClosed() as closed:
                await attendance.periods.change(
                    closed.agency, closed.period, partial(_sealed, closed), event
                )


def _sealed(closed: PeriodClosed, known: AgencyPeriod) -> Decision[AgencyPeriod]:
    return known.sealed(closed.revision, closed.fingerprint, now())


def _following(day: Day, known: Settlement) -> Decision[Settlement]:
    return known.following(day, now())


async def _lock(attendance: Attendance, event: Event[PeriodClosing]) -> None:
    said = event.data
    await attendance.periods.change(
        said.agency,
        said.period,
        lambda known: known.locking(said.revision, job_id(event.id), now()),
        event,
    )
    await _begin(attendance, event, LOCK)


async def _unlock(attendance: Attendance, event: Event[PeriodReopening]) -> None:
    said = event.data
    await attendance.periods.change(
        said.agency,
        said.period,
        lambda known: known.unlocking(said.revision, job_id(event.id), now()),
        event,
    )
    await _begin(attendance, event, UNLOCK)


async def _begin(
    attendance: Attendance, event: Event[PeriodClosing] | Event[PeriodReopening], kind: str
) -> None:
    """Make the job; one that comes too late finds nothing to do."""
    said = event.data
    work = PeriodWork(agency=said.agency, period=said.period, revision=said.revision)
    await attendance.jobs.create(
        event, kind, work, about=f"{said.agency} {said.period}", agency=AgencyCode(said.agency)
    )


async def follow_settled_days(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """Days of closed months came out otherwise: keep what is to be settled."""
    for id_ in {change.subject for change in changes}:
        stored = await attendance.days.by_id(id_)
        if stored is not None:
            day = stored.state
            await attendance.settlements.change(day, partial(_following, day))


@handlers.answers(GetAttendanceReadiness)
async def get_readiness(
    query: Query[GetAttendanceReadiness], attendance: Attendance
) -> AttendanceReadiness:
    """How the lock of a month stands, and what is still open in it."""
    body = query.body
    access.may_read_recaps(query.actor, body.agency, await attendance.copies.tree())
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    known = await attendance.periods.get(body.agency, body.period)
    period = known.state if known else AgencyPeriod(AgencyCode(body.agency), body.period, now())
    items = () if period.state == "locked" else await open_items(attendance, body, query.language)
    return AttendanceReadiness(
        state=period.state,
        revision=period.revision,
        job=period.job,
        days=period.closed.days if period.closed else None,
        digest=period.closed.digest if period.closed else None,
        items=tuple(items),
    )


@handlers.answers(ListSettlements)
async def list_settlements(
    query: Query[ListSettlements], attendance: Attendance
) -> Page[SettlementView]:
    """What days of closed months came out as afterwards, by day."""
    body = query.body
    access.may_read_recaps(query.actor, body.agency, await attendance.copies.tree())
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    if body.paging.sort is not None:
        raise Refusal.invalid("/sort", "settlements come by day; no other order is offered")
    wanted: Document = {"agency": body.agency}
    if body.period is not None:
        wanted["period"] = body.period
    if body.settled_in is not None:
        wanted["settled.settled_in"] = body.settled_in
    if body.waiting is not None:
        wanted["waiting"] = {"$ne": None} if body.waiting else None
    found, cursor = await attendance.settlements.page(
        wanted, limit=body.paging.limit, cursor=body.paging.cursor
    )
    people = await attendance.copies.people.get_many([one.state.employee for one in found])
    if found:
        first = min(one.state.date for one in found)
        last = max(one.state.date for one in found)
        seen = Scope(people=tuple(people), first=first, last=last)
        await attendance.access_log.note(query.actor, "days", seen)
    items = [
        view for one in found for view in settlement_view(one.state, people.get(one.state.employee))
    ]
    return Page(items=tuple(items), next_cursor=cursor)
