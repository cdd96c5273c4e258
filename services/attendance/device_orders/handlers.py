"""Orders are given by people, handed over when the machine calls, answered by the machine."""

from datetime import datetime

from contracts.device_views import DeviceOrder, OrderView
from contracts.devices import ListDeviceOrders, OrderDevice, RecordOrderResults
from contracts.envelope import Command, Query, Verdict
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.device_orders.model import MOST_SENT, Order, order_text, results_of
from services.attendance.devices.model import Device

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(OrderDevice)
async def order_device(command: Command[OrderDevice], attendance: Attendance) -> Verdict:
    """Give a machine something to do at its next call."""
    access.may_order_devices(command.actor)
    body = command.body
    device = (await attendance.devices.get(body.serial)).state
    first, last = (device.wall(at) if at else "" for at in (body.from_, body.to))
    text = order_text(body, first, last)
    by, at = command.actor.account, command.received_at
    return await attendance.orders.change(
        body.serial,
        lambda orders: orders.given(body.kind, text, by=by, at=at),
        command,
        answer=lambda stored: _view(device, stored.state.orders[-1]),
        status=201,
    )


@handlers.handles(RecordOrderResults)
async def record_order_results(
    command: Command[RecordOrderResults], attendance: Attendance
) -> Verdict:
    """Keep what a machine says of its orders."""
    body = command.body
    access.may_push_lines(command.actor, body.serial)
    results = results_of(body.text)
    return await attendance.orders.change(
        body.serial, lambda orders: orders.answered(results, command.received_at), command
    )


@handlers.answers(ListDeviceOrders)
async def list_device_orders(
    query: Query[ListDeviceOrders], attendance: Attendance
) -> Page[OrderView]:
    """The orders of a machine, newest first."""
    access.may_read_devices(query.actor)
    device = (await attendance.devices.get(query.body.serial)).state
    found = (await attendance.orders.of(device.serial)).orders
    wanted = query.body.state
    chosen = [order for order in reversed(found) if not wanted or order.state in wanted]
    return Page(items=tuple(_view(device, order) for order in chosen))


async def hand_over(attendance: Attendance, serial: str, at: datetime) -> tuple[DeviceOrder, ...]:
    """What a machine that calls is to do."""
    cause = Cause.timer("attendance", "orders", serial, at.isoformat())
    orders = await attendance.orders.hand_over(serial, cause)
    return tuple(
        DeviceOrder(number=order.number, text=order.text)
        for order in orders.due(cause.at)
        if order.sent < MOST_SENT
    )


def _view(device: Device, order: Order) -> OrderView:
    here = zone(device.time_zone)
    return OrderView(
        serial=device.serial,
        number=order.number,
        kind=order.kind,
        text=order.text.replace("\t", " "),
        state=order.state,
        ordered_by=order.ordered_by,
        ordered_at=order.ordered_at.astimezone(here),
        sent_at=order.sent_at.astimezone(here) if order.sent_at else None,
        finished_at=order.finished_at.astimezone(here) if order.finished_at else None,
        result=order.result,
    )
