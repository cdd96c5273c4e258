"""Attendance machines: registered, and their PINs mapped to people."""

from fastapi import APIRouter
from starlette.responses import Response

from contracts.attendance import ListDevices, MapPin, Pin, RegisterDevice, Serial
from contracts.attendance_views import DeviceView
from contracts.envelope import Value
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["devices"])


class PinOwner(Value):
    """Whose a PIN is."""

    employee_id: str


@router.get("/v1/devices", summary="List machines", responses=answers(Page[DeviceView]))
async def list_devices(call: Call) -> Response:
    """Every registered machine."""
    return await call.query(ListDevices())


@router.post(
    "/v1/devices",
    status_code=201,
    summary="Register a machine",
    responses=answers(DeviceView, status=201),
)
async def register_device(body: RegisterDevice, call: Call) -> Response:
    """Say where a machine stands and which zone its wall clock keeps."""
    return await call.command(body)


@router.put(
    "/v1/devices/{serial}/pins/{pin}",
    summary="Say whose a PIN is",
    responses=answers(DeviceView),
)
async def map_pin(serial: Serial, pin: Pin, body: PinOwner, call: Call) -> Response:
    """Map a PIN of a machine to a person; a civil-servant number maps by itself."""
    return await call.command(MapPin(serial=serial, pin=pin, employee_id=body.employee_id))
