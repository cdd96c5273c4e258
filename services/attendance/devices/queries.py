"""Machines are shown to those who look after them, and told what they need when they call."""

from contracts.device_views import DeviceMet, DeviceOrder, DeviceView, PinView
from contracts.devices import GetDevice, ListDevices, ListPins, MeetDevice
from contracts.envelope import Answer, Query
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage.connection import Document
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.device_orders.handlers import hand_over
from services.attendance.devices.contacts import Contact
from services.attendance.devices.model import pin_id
from services.attendance.devices.views import device_view, pin_view

handlers: Handlers[Attendance] = Handlers()

_SORTS = {"serial": "_id", "office": "office"}


@handlers.answers(MeetDevice)
async def meet_device(query: Query[MeetDevice], attendance: Attendance) -> DeviceMet:
    """A machine calls: refuse one that is not registered, is disabled, or calls from elsewhere."""
    body = query.body
    access.may_push_lines(query.actor, body.serial)
    device = await attendance.devices.find(body.serial)
    if device is None or not device.admits(body.address):
        raise Refusal("device_unknown")
    firmware = (body.info or "").split(",")[0].strip() or None
    known = await attendance.contacts.seen(body.serial, query.received_at, firmware)
    orders: tuple[DeviceOrder, ...] = ()
    if body.occasion == "poll":
        orders = await hand_over(attendance, body.serial, query.received_at)
    return DeviceMet(
        serial=body.serial,
        time_zone=device.time_zone,
        stamp=known.stamp,
        last_line=known.last_line,
        orders=orders,
    )


@handlers.answers(GetDevice)
async def get_device(query: Query[GetDevice], attendance: Attendance) -> Answer:
    """One machine, with what it has sent."""
    access.may_read_devices(query.actor)
    stored = await attendance.devices.get(query.body.serial)
    contact = await attendance.contacts.of(stored.id)
    waiting = await attendance.lines.waiting(stored.id)
    managed = access.manages_devices(query.actor)
    view = device_view(stored, contact, waiting, managed=managed)
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(ListDevices)
async def list_devices(query: Query[ListDevices], attendance: Attendance) -> Page[DeviceView]:
    """The registered machines, by office and by whether they are in service."""
    access.may_read_devices(query.actor)
    body = query.body
    wanted: Document = {}
    if body.office:
        wanted["office"] = {"$in": list(body.office)}
    if body.enabled is not None:
        wanted["enabled"] = body.enabled
    sort = body.paging.sort or "serial"
    if sort.lstrip("-") not in _SORTS:
        raise Refusal.invalid("/sort", f"one of {', '.join(_SORTS)}, with - for descending")
    way = "-" if sort.startswith("-") else ""
    found, cursor = await attendance.devices.page(
        wanted,
        sort=way + _SORTS[sort.lstrip("-")],
        limit=body.paging.limit,
        cursor=body.paging.cursor,
    )
    contacts = await attendance.contacts.of_many(stored.id for stored in found)
    waiting = {stored.id: await attendance.lines.waiting(stored.id) for stored in found}
    managed = access.manages_devices(query.actor)
    views = tuple(
        device_view(stored, contacts.get(stored.id, Contact()), waiting[stored.id], managed=managed)
        for stored in found
    )
    return Page(items=views, next_cursor=cursor)


@handlers.answers(ListPins)
async def list_pins(query: Query[ListPins], attendance: Attendance) -> Page[PinView]:
    """Whose the PINs of a machine are; or those whose lines wait for an owner, with how many."""
    access.may_read_lines(query.actor)
    body = query.body
    await attendance.devices.get(body.serial)
    if body.unmapped:
        waiting = await attendance.lines.unmapped_pins(body.serial)
        return Page(items=tuple(_waiting(body.serial, document) for document in waiting))
    found, cursor = await attendance.devices.pins(
        body.serial, limit=body.paging.limit, cursor=body.paging.cursor
    )
    owners = [stored.state.employee for stored in found if stored.state.employee]
    people = await attendance.copies.people.get_many([str(owner) for owner in owners])
    today = query.received_at.astimezone(zone("Asia/Jakarta")).date()
    shown = {id_: person.shown(today) for id_, person in people.items()}
    return Page(
        items=tuple(
            pin_view(stored.state, shown.get(stored.state.employee or ""), stored.version)
            for stored in found
        ),
        next_cursor=cursor,
    )


def _waiting(serial: str, document: Document) -> PinView:
    return PinView(
        id=pin_id(serial, document["_id"]),
        serial=serial,
        pin=document["_id"],
        employee=None,
        lines=document["lines"],
        first=document["first"],
        last=document["last"],
    )
