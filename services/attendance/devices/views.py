"""A machine as callers see it."""

from contracts.attendance_views import DeviceView
from kit.storage.aggregates import Stored
from services.attendance.devices.model import Device


def device_view(stored: Stored[Device]) -> DeviceView:
    """The machine and whose PIN is whose."""
    device = stored.state
    return DeviceView(
        serial=device.serial,
        office=device.office,
        time_zone=device.time_zone,
        pins=device.pins,
        version=stored.version,
    )
