"""Machines and PINs as callers see them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.device_views import ClockActView, DeviceView, PinView
from contracts.devices import ANY_SOURCE
from contracts.people import PersonView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.device_lines.model import Waiting
from services.attendance.devices.contacts import Contact
from services.attendance.devices.model import ClockAct, Device, PinOwner, pin_id

DRIFTS = 120
"""Seconds of clock drift from which a machine is flagged."""


def device_view(
    stored: Stored[Device], contact: Contact, waiting: Waiting, *, managed: bool
) -> DeviceView:
    """The machine, what it has sent, and what somebody should look at."""
    device = stored.state
    here = zone(device.time_zone)
    return DeviceView(
        serial=device.serial,
        office=device.office,
        time_zone=device.time_zone,
        sources=device.sources,
        enabled=device.enabled,
        flags=_flags(device, contact, waiting),
        last_seen=_local(contact.last_seen, here),
        clock_drift_s=contact.clock_drift_s,
        clock_set_at=contact.clock_set_at,
        firmware=contact.firmware,
        received=contact.count("received"),
        stored=contact.count("stored"),
        duplicates=contact.count("duplicates"),
        unreadable=contact.count("unreadable"),
        unmapped=waiting.unmapped,
        implausible=waiting.implausible,
        clock_acts=tuple(_act_view(act, here) for act in device.clock_acts),
        actions=("change", "map_pins", "correct_clock", "order") if managed else (),
        version=stored.version,
    )


def pin_view(owner: PinOwner, person: PersonView | None, version: int) -> PinView:
    """Whose a PIN is."""
    return PinView(
        id=pin_id(owner.serial, owner.pin),
        serial=owner.serial,
        pin=owner.pin,
        employee=person,
        version=version,
    )


def _flags(device: Device, contact: Contact, waiting: Waiting) -> tuple[str, ...]:
    """``any_source``: whoever knows the serial may push; ``clock_wrong``: lines cannot be true."""
    drift = contact.clock_drift_s
    found = {
        "any_source": ANY_SOURCE in device.sources,
        "clock_drifts": drift is not None and abs(drift) >= DRIFTS,
        "clock_wrong": waiting.implausible > 0,
        "never_seen": contact.last_seen is None,
    }
    return tuple(name for name, holds in found.items() if holds)


def _act_view(act: ClockAct, here: ZoneInfo) -> ClockActView:
    return ClockActView(
        id=act.id,
        from_=act.from_.astimezone(here),
        to=act.to.astimezone(here),
        shift_s=act.shift_s,
        reason=act.reason,
        by=act.by,
        at=act.at.astimezone(here),
        undone=act.undone,
    )


def _local(moment: datetime | None, here: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(here)
