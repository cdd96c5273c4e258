"""Lines and operations are shown to those who check them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.device_lines import ListLines, ListOperations
from contracts.device_views import LineView, OperationView
from contracts.envelope import Query
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage.connection import Document
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.device_lines.model import Line

handlers: Handlers[Attendance] = Handlers()


@handlers.answers(ListLines)
async def list_lines(query: Query[ListLines], attendance: Attendance) -> Page[LineView]:
    """The lines of a machine as they came and what they count for."""
    access.may_read_lines(query.actor)
    body = query.body
    await attendance.devices.get(body.serial)
    wanted: Document = {}
    if body.status:
        wanted["status"] = {"$in": list(body.status)}
    if body.pin is not None:
        wanted["pin"] = body.pin
    found, cursor = await attendance.lines.page(
        wanted, serial=body.serial, limit=body.paging.limit, cursor=body.paging.cursor
    )
    return Page(items=tuple(_view(line) for line in found), next_cursor=cursor)


@handlers.answers(ListOperations)
async def list_operations(
    query: Query[ListOperations], attendance: Attendance
) -> Page[OperationView]:
    """What was done at a machine; code 21 is a clock that was set."""
    access.may_read_lines(query.actor)
    body = query.body
    await attendance.devices.get(body.serial)
    found, cursor = await attendance.operations.page(
        body.serial, limit=body.paging.limit, cursor=body.paging.cursor
    )
    fields = OperationView.model_fields
    items = tuple(OperationView(**{name: one[name] for name in fields}) for one in found)
    return Page(items=items, next_cursor=cursor)


def _view(line: Line) -> LineView:
    here = zone(line.zone)
    return LineView(
        id=line.punch,
        raw=line.raw,
        status=line.status,
        pin=line.pin or None,
        wall=line.wall or None,
        at=_local(line.at, here),
        received_at=line.received_at.astimezone(here),
        state=line.state or None,
        verify=line.verify or None,
        source=line.source,
        flags=line.flags,
        employee_id=line.employee,
        day=date.fromisoformat(line.day.rpartition(":")[2]) if line.day else None,
    )


def _local(moment: datetime | None, here: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(here)
