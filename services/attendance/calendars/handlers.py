"""Calendars and their spans are entered and shown."""

from contracts.calendars import CalendarSpan, CalendarView, GetCalendar, PutCalendar, PutSpan
from contracts.envelope import Actor, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.working_time import WIB, zone
from services.attendance import access
from services.attendance.calendars.model import NATIONAL, EnteredCalendar
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(PutCalendar)
async def put_calendar(command: Command[PutCalendar], attendance: Attendance) -> Verdict:
    """Enter all days of a calendar; past days it changes are judged anew."""
    access.may_set_policies(command.actor)
    body, written_at = command.body, now()
    await _must_exist(body.code, attendance)
    known = await attendance.calendars.get(body.code)
    if_match = body.precondition.if_match
    if body.precondition.absent and (known or body.code == NATIONAL):
        raise Refusal("version_conflict", version=known.version if known else 0)
    if if_match is None and (known or body.code == NATIONAL):
        raise Refusal("version_required")

    def decide(calendar: EnteredCalendar | None) -> Decision[EnteredCalendar]:
        if calendar is not None and not if_match:
            raise Refusal("version_conflict")  # entered meanwhile
        standing = calendar or EnteredCalendar.blank(body.code, written_at)
        return standing.put(body.calendar, recorded_at=command.received_at, written_at=written_at)

    return await attendance.calendars.change(
        body.code,
        decide,
        command,
        answer=lambda stored: _view(stored, command.actor),
        status=200 if known or body.code == NATIONAL else 201,
        if_match=if_match or None,
    )


@handlers.handles(PutSpan)
async def put_span(command: Command[PutSpan], attendance: Attendance) -> Verdict:
    """Say when a span begins and ends, until the evening before it begins."""
    access.may_set_policies(command.actor)
    body, written_at = command.body, now()
    await _must_exist(body.code, attendance)
    wanted = CalendarSpan(name=body.name_of_span, first=body.span.first, last=body.span.last)
    place = WIB if body.code == NATIONAL else await attendance.copies.zone_of(body.code)

    def decide(calendar: EnteredCalendar | None) -> Decision[EnteredCalendar]:
        standing = calendar or EnteredCalendar.blank(body.code, written_at)
        return standing.put_span(
            wanted,
            today=command.received_at.astimezone(zone(place)).date(),
            recorded_at=command.received_at,
            written_at=written_at,
        )

    return await attendance.calendars.change(
        body.code, decide, command, answer=lambda stored: _view(stored, command.actor)
    )


@handlers.answers(GetCalendar)
async def get_calendar(query: Query[GetCalendar], attendance: Attendance) -> Answer:
    """A calendar: everybody of the city may know when they are free."""
    access.may_see_policies(query.actor)
    code = query.body.code
    await _must_exist(code, attendance)
    stored = await attendance.calendars.get(code)
    if stored is None:
        stored = Stored(code, EnteredCalendar.blank(code, query.received_at), 0, 0)
    found = _view(stored, query.actor)
    return Answer(result=found.model_dump_json(by_alias=True), version=stored.version)


async def _must_exist(code: str, attendance: Attendance) -> None:
    if code != NATIONAL:
        await attendance.copies.must_know(code)


def _view(stored: Stored[EnteredCalendar], actor: Actor) -> CalendarView:
    calendar = stored.state
    recorded_at = calendar.recorded_at
    return CalendarView(
        code=calendar.code,
        days=calendar.all_days,
        spans=calendar.all_spans,
        decree=calendar.decree or (calendar.ruling().decree if calendar.shipped else None),
        recorded_at=recorded_at.astimezone(zone(WIB)) if recorded_at else None,
        shipped=calendar.shipped,
        version=stored.version,
        actions=("put", "put_span") if access.sets_policies(actor) else (),
    )
