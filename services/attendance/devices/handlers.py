"""Machines are registered and changed, their PINs mapped, their clocks corrected."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import available_timezones

from contracts.device_views import DeviceView
from contracts.devices import ChangeDevice, CorrectClock, MapPin, RegisterDevice, UndoClockAct
from contracts.envelope import Actor, Command, OfficeCode, Verdict
from contracts.outcome import Refusal
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.devices.model import ClockAct, Device, PinOwner
from services.attendance.devices.views import device_view, pin_view

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(RegisterDevice)
async def register_device(command: Command[RegisterDevice], attendance: Attendance) -> Verdict:
    """Register a machine; to register the same again changes nothing."""
    access.may_manage_devices(command.actor)
    body = command.body
    await _check(attendance, body.office, body.time_zone)
    wanted = Device(body.serial, OfficeCode(body.office), body.time_zone, body.sources)
    return await attendance.devices.change(
        body.serial,
        lambda known: Device.registered(known, wanted),
        command,
        answer=await _view(attendance, body.serial, command.actor),
        status=201,
    )


@handlers.handles(ChangeDevice)
async def change_device(command: Command[ChangeDevice], attendance: Attendance) -> Verdict:
    """A machine moves, is set right, or is taken out of service; lines that are kept stay."""
    access.may_manage_devices(command.actor)
    body = command.body
    await attendance.devices.get(body.serial)
    await _check(attendance, body.changes.office, body.changes.time_zone)
    return await attendance.devices.change(
        body.serial,
        lambda known: _known(known).changed(body.changes),
        command,
        answer=await _view(attendance, body.serial, command.actor),
        if_match=body.if_match,
    )


@handlers.handles(MapPin)
async def map_pin(command: Command[MapPin], attendance: Attendance) -> Verdict:
    """Say whose a PIN is; its lines, earlier ones too, count for that person from then on."""
    access.may_manage_devices(command.actor)
    body = command.body
    await attendance.devices.get(body.serial)
    person = None
    if body.employee_id is not None:
        person = await attendance.copies.people.get(body.employee_id)
        if person is None:
            raise Refusal.invalid("/employee_id", "no such employee")
    today = command.received_at.astimezone(zone("Asia/Jakarta")).date()
    shown = person.shown(today) if person else None
    return await attendance.devices.map_pin(
        body.serial,
        body.pin,
        lambda known: PinOwner.mapped(known, body.serial, body.pin, body.employee_id),
        command,
        lambda stored: pin_view(stored.state, shown, stored.version),
    )


@handlers.handles(CorrectClock)
async def correct_clock(command: Command[CorrectClock], attendance: Attendance) -> Verdict:
    """The moments of a span count shifted; the lines stay as they came, their days are judged."""
    access.may_manage_devices(command.actor)
    body = command.body
    await attendance.devices.get(body.serial)
    act = ClockAct(
        id=derived_id(command.id, "clock act"),
        from_=_utc(body.from_),
        to=_utc(body.to),
        shift_s=body.shift_s,
        reason=body.reason,
        by=command.actor.account,
        at=command.received_at,
    )
    return await attendance.devices.change(
        body.serial,
        lambda known: _known(known).corrected(act),
        command,
        answer=await _view(attendance, body.serial, command.actor),
        status=201,
    )


@handlers.handles(UndoClockAct)
async def undo_clock_act(command: Command[UndoClockAct], attendance: Attendance) -> Verdict:
    """The moments count again as they did before the correction."""
    access.may_manage_devices(command.actor)
    body = command.body
    await attendance.devices.get(body.serial)
    return await attendance.devices.change(
        body.serial,
        lambda known: _known(known).uncorrected(body.act),
        command,
        answer=await _view(attendance, body.serial, command.actor),
    )


async def _check(attendance: Attendance, office: str | None, time_zone: str | None) -> None:
    if time_zone is not None and time_zone not in available_timezones():
        raise Refusal.invalid("/time_zone", "a zone of the tz database, e.g. Asia/Jakarta")
    if office is not None and not await attendance.copies.knows_office(office):
        raise Refusal.invalid("/office", f"no office has the code {office}")


async def _view(
    attendance: Attendance, serial: str, actor: Actor
) -> Callable[[Stored[Device]], DeviceView]:
    contact = await attendance.contacts.of(serial)
    waiting = await attendance.lines.waiting(serial)
    managed = access.manages_devices(actor)
    return lambda stored: device_view(stored, contact, waiting, managed=managed)


def _known(device: Device | None) -> Device:
    if device is None:
        raise LookupError("a machine that was found is gone")
    return device


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
