"""Attendance machines: the register, whose their PINs are, their lines, orders and clocks."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from contracts.attendance import Id, Pin, Serial
from contracts.device_lines import LineStatus, ListLines, ListOperations
from contracts.device_views import DeviceView, LineView, OperationView, OrderView, PinView
from contracts.devices import (
    ChangeDevice,
    CorrectClock,
    DeviceChanges,
    GetDevice,
    ListDeviceOrders,
    ListDevices,
    ListPins,
    MapPin,
    OrderDevice,
    OrderKind,
    OrderState,
    RegisterDevice,
    UndoClockAct,
)
from contracts.envelope import Code, Value
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.text import ShortText
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/devices", tags=["devices"])

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=500)]
Sort = Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")]


class PinOwner(Value):
    """Whose a PIN is."""

    employee_id: Id

    model_config = {
        "json_schema_extra": {"examples": [{"employee_id": "019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01"}]}
    }


class ClockActRequest(Value):
    """The machine's clock was wrong from one moment (as it showed it) up to another."""

    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    shift_s: int = Field(ge=-40 * 366 * 86_400, le=40 * 366 * 86_400)
    reason: ShortText | None = None

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "from": "2026-11-23T00:00:00+07:00",
                    "to": "2026-11-24T00:00:00+07:00",
                    "shift_s": 3600,
                    "reason": "Jam mesin terlambat satu jam.",
                }
            ]
        }
    }


class OrderRequest(Value):
    """What a machine is to do; `from` and `to` go with `query_lines`, `pin` with the user kinds."""

    kind: OrderKind
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    pin: Pin | None = None
    name_shown: str | None = Field(default=None, max_length=24)

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "kind": "query_lines",
                    "from": "2026-11-23T00:00:00+07:00",
                    "to": "2026-11-23T23:59:59+07:00",
                }
            ]
        }
    }


@router.get("", summary="List machines", responses=answers(Page[DeviceView]))
async def list_devices(
    call: Call,
    office: Annotated[list[Code] | None, Query(max_length=50)] = None,
    enabled: bool | None = None,  # a filter
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    sort: Sort = None,
) -> Response:
    """The registered machines with what they have sent; sorted by `serial` or `office`."""
    paging = Paging(limit=limit, cursor=cursor, sort=sort)
    return await call.query(ListDevices(office=tuple(office or ()), enabled=enabled, paging=paging))


@router.post(
    "",
    status_code=201,
    summary="Register a machine",
    responses=answers(DeviceView, status=201),
)
async def register_device(body: RegisterDevice, call: Call) -> Response:
    """Say where a machine stands, which zone its wall clock keeps, and from where it may push.

    `sources` are networks (`10.20.0.0/16`), `private` (the default: loopback and private networks)
    or `any`, which has to be said and is flagged.
    """
    return await call.command(body, location=f"/v1/devices/{body.serial}")


@router.get("/{serial}", summary="Show a machine", responses=answers(DeviceView))
async def get_device(serial: Serial, call: Call) -> Response:
    """When it was last seen, how far its clock is off, what it has sent."""
    return await call.query(GetDevice(serial=serial))


@router.patch(
    "/{serial}",
    summary="Change a machine",
    responses=answers(DeviceView, "version_required", "version_conflict"),
)
async def change_device(serial: Serial, body: DeviceChanges, call: Call) -> Response:
    """Move it, set its zone or sources right, or take it out of service; needs `If-Match`."""
    return await call.command(ChangeDevice(serial=serial, changes=body, if_match=call.if_match()))


@router.get(
    "/{serial}/pins", summary="List the PINs of a machine", responses=answers(Page[PinView])
)
async def list_pins(
    serial: Serial,
    call: Call,
    unmapped: bool = False,  # a filter
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Whose they are; with `unmapped=true` those whose lines wait for an owner, with how many."""
    paging = Paging(limit=limit, cursor=cursor)
    return await call.query(ListPins(serial=serial, unmapped=unmapped, paging=paging))


@router.put("/{serial}/pins/{pin}", summary="Say whose a PIN is", responses=answers(PinView))
async def map_pin(serial: Serial, pin: Pin, body: PinOwner, call: Call) -> Response:
    """Its lines, those before too, count for that person; a civil-servant number maps by itself."""
    return await call.command(MapPin(serial=serial, pin=pin, employee_id=body.employee_id))


@router.delete(
    "/{serial}/pins/{pin}", summary="Take a PIN from its owner", responses=answers(PinView)
)
async def unmap_pin(serial: Serial, pin: Pin, call: Call) -> Response:
    """Its lines count for nobody any more, and wait."""
    return await call.command(MapPin(serial=serial, pin=pin))


@router.get(
    "/{serial}/lines", summary="List the lines of a machine", responses=answers(Page[LineView])
)
async def list_device_lines(
    serial: Serial,
    call: Call,
    status: Annotated[list[LineStatus] | None, Query()] = None,
    pin: Pin | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """As they came, and what they count for; the newest of the machine's clock first."""
    paging = Paging(limit=limit, cursor=cursor)
    return await call.query(
        ListLines(serial=serial, status=tuple(status or ()), pin=pin, paging=paging)
    )


@router.get(
    "/{serial}/operations",
    summary="List what was done at a machine",
    responses=answers(Page[OperationView]),
)
async def list_device_operations(
    serial: Serial, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Restarts, menus, and its clock set (code 21), the newest first."""
    paging = Paging(limit=limit, cursor=cursor)
    return await call.query(ListOperations(serial=serial, paging=paging))


@router.post(
    "/{serial}/clock-acts",
    status_code=201,
    summary="Correct a machine's clock",
    responses=answers(DeviceView, "overlaps", status=201),
)
async def correct_clock(serial: Serial, body: ClockActRequest, call: Call) -> Response:
    """Its moments from `from` up to `to` count `shift_s` seconds later; lines stay as they came."""
    given = body.model_dump(exclude_unset=True)
    return await call.command(CorrectClock(serial=serial, **given))


@router.post(
    "/{serial}/clock-acts/{act}/undo",
    summary="Take back a correction of a clock",
    responses=answers(DeviceView),
)
async def undo_clock_act(serial: Serial, act: Id, call: Call) -> Response:
    """The moments count as they did before it."""
    return await call.command(UndoClockAct(serial=serial, act=act))


@router.get(
    "/{serial}/commands",
    summary="List what a machine was told to do",
    responses=answers(Page[OrderView]),
)
async def list_device_orders(
    serial: Serial, call: Call, state: Annotated[list[OrderState] | None, Query()] = None
) -> Response:
    """With when, by whom, and what came of it; newest first."""
    return await call.query(ListDeviceOrders(serial=serial, state=tuple(state or ())))


@router.post(
    "/{serial}/commands",
    status_code=201,
    summary="Tell a machine what to do",
    responses=answers(OrderView, "wrong_state", status=201),
)
async def order_device(serial: Serial, body: OrderRequest, call: Call) -> Response:
    """Handed over at its next call: lines of a span again, its figures, a user's name."""
    given = body.model_dump(exclude_unset=True)
    return await call.command(OrderDevice(serial=serial, **given))
