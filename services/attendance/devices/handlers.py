"""Machines are registered, PINs mapped, export files read."""

from zoneinfo import ZoneInfo, available_timezones

from contracts.attendance import ListDevices, MapPin, ReadAttlog, RegisterDevice
from contracts.attendance_views import AttlogLine, AttlogView, DeviceView, UnreadableLine
from contracts.envelope import Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.devices.attlog import Line, parse
from services.attendance.devices.model import Device
from services.attendance.devices.views import device_view

handlers: Handlers[Attendance] = Handlers()

_MOST_LINES = 5_000


@handlers.handles(RegisterDevice)
async def register_device(command: Command[RegisterDevice], attendance: Attendance) -> Verdict:
    """Register a machine, or say where it stands now."""
    access.may_manage_devices(command.actor)
    body = command.body
    if body.time_zone not in available_timezones():
        raise Refusal.invalid("/time_zone", "a zone of the tz database, e.g. Asia/Jakarta")
    offices = await attendance.copies.offices()
    if body.office not in offices.versions:
        raise Refusal.invalid("/office", f"no office has the code {body.office}")
    return await attendance.devices.change(
        body.serial,
        lambda known: Device.registered(known, body.serial, body.office, body.time_zone),
        command,
        status=201,
    )


@handlers.handles(MapPin)
async def map_pin(command: Command[MapPin], attendance: Attendance) -> Verdict:
    """Say whose a PIN is."""
    access.may_manage_devices(command.actor)
    body = command.body
    if await attendance.copies.people.get(body.employee_id) is None:
        raise Refusal.invalid("/employee_id", "no such employee")
    standing = await attendance.devices.get(body.serial)

    def decide(known: Device | None) -> Decision[Device]:
        return (known or standing).mapped(body.pin, body.employee_id)

    return await attendance.devices.change(body.serial, decide, command)


@handlers.answers(ListDevices)
async def list_devices(query: Query[ListDevices], attendance: Attendance) -> Page[DeviceView]:
    """Every registered machine."""
    access.may_read_devices(query.actor)
    found = await attendance.devices.all()
    return Page(items=tuple(device_view(stored) for stored in found))


@handlers.answers(ReadAttlog)
async def read_attlog(query: Query[ReadAttlog], attendance: Attendance) -> AttlogView:
    """What an export file says: whose punches, which lines are unreadable, which PINs unknown."""
    access.may_read_devices(query.actor)
    device = await attendance.devices.get(query.body.serial)
    lines, unreadable = parse(query.body.text, ZoneInfo(device.time_zone))
    if len(lines) > _MOST_LINES:
        raise Refusal.invalid("/", f"at most {_MOST_LINES} lines at once")
    owners = await _owners(attendance, device, lines)
    return AttlogView(
        serial=device.serial,
        office=device.office,
        lines=len(lines) + len(unreadable),
        punches=tuple(
            AttlogLine(
                line=line.number,
                pin=line.pin,
                at=line.at,
                direction=line.direction,
                employee_id=owners.get(line.pin),
            )
            for line in lines
        ),
        unreadable=tuple(
            UnreadableLine(line=one.number, text=one.text, detail=one.detail) for one in unreadable
        ),
        unmapped=tuple(sorted({line.pin for line in lines if line.pin not in owners})),
    )


async def _owners(attendance: Attendance, device: Device, lines: list[Line]) -> dict[str, str]:
    """Whose each PIN is: as mapped on the machine; a civil-servant number maps by itself."""
    pins = {line.pin for line in lines}
    by_nip = await attendance.copies.people.by_nip(sorted(pins - device.pins.keys()))
    mapped = {pin: employee for pin, employee in device.pins.items() if pin in pins}
    return mapped | {nip: person.id for nip, person in by_nip.items()}
