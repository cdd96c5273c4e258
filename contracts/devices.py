"""Attendance machines: what is registered, who is who on them, what they are told and report."""

import re
from datetime import datetime
from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from contracts.attendance import Id, Pin, Serial
from contracts.envelope import (
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    OfficeCode,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.text import ShortText

ANY_SOURCE = "any"
OWN_NETWORK = "private"
"""Loopback and the private networks of RFC 1918 and RFC 4193."""

Occasion = Literal["handshake", "time", "poll", "upload", "other"]
OrderKind = Literal["info", "check", "query_lines", "update_user", "delete_user"]
OrderState = Literal["waiting", "sent", "done", "failed"]

_FROM, _TO = "2026-11-23T00:00:00+07:00", "2026-11-23T16:00:00+07:00"


def _source(text: str) -> str:
    if text in {ANY_SOURCE, OWN_NETWORK}:
        return text
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("a network like 10.20.0.0/16, or private, or any") from None


Source = Annotated[str, StringConstraints(max_length=50), AfterValidator(_source)]
Sources = Annotated[tuple[Source, ...], Field(min_length=1, max_length=20)]


class RegisterDevice(CommandBody, name="attendance.register_device", feature="attendance.devices"):
    """An attendance machine stands in an office and keeps its wall clock in this zone.

    ``sources`` are the networks it may push from; ``private`` are those of the city itself.
    """

    serial: Serial
    office: Code
    time_zone: ShortText = "Asia/Jakarta"
    sources: Sources = (OWN_NETWORK,)

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "serial": "SOLO0001",
                    "office": "BALAIKOTA",
                    "time_zone": "Asia/Jakarta",
                    "sources": ["10.20.0.0/16"],
                }
            ]
        }
    }


class DeviceChanges(Value):
    """What may change of a machine; a field that is absent stays."""

    office: Code | None = None
    time_zone: ShortText | None = None
    sources: Sources | None = None
    enabled: bool | None = None

    model_config = {"json_schema_extra": {"examples": [{"enabled": False}]}}


class ChangeDevice(CommandBody, name="attendance.change_device", feature="attendance.devices"):
    """A machine moves, is set right, or is taken out of service."""

    serial: Serial
    changes: DeviceChanges
    if_match: int


class MapPin(CommandBody, name="attendance.map_pin", feature="attendance.devices"):
    """A PIN of a machine is this person's, or (without one) nobody's any more."""

    serial: Serial
    pin: Pin
    employee_id: Id | None = None


class CorrectClock(CommandBody, name="attendance.correct_clock", feature="attendance.devices"):
    """The machine's clock was wrong: its moments of a span count shifted by so many seconds."""

    serial: Serial
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    shift_s: int = Field(ge=-40 * 366 * 86_400, le=40 * 366 * 86_400)
    reason: ShortText | None = None

    model_config = {
        "populate_by_name": True,
        "json_schema_extra": {
            "examples": [{"serial": "SOLO0001", "from": _FROM, "to": _TO, "shift_s": 3600}]
        },
    }


class UndoClockAct(CommandBody, name="attendance.undo_clock_act", feature="attendance.devices"):
    """A correction of a clock was itself wrong: the moments count as they did before it."""

    serial: Serial
    act: Id


class ListDevices(QueryBody, name="attendance.list_devices"):
    """The registered machines."""

    office: tuple[Code, ...] = ()
    enabled: bool | None = None
    paging: Paging = Paging()


class GetDevice(QueryBody, name="attendance.get_device"):
    """One machine, with what it has sent."""

    serial: Serial


class ListPins(QueryBody, name="attendance.list_pins"):
    """Whose the PINs of a machine are, or which of its lines wait for an owner."""

    serial: Serial
    unmapped: bool = False
    paging: Paging = Paging()


class MeetDevice(QueryBody, name="attendance.meet_device"):
    """A machine calls: may it, what is its zone, and what is there for it to do."""

    serial: Serial
    address: str | None = Field(default=None, max_length=60)
    occasion: Occasion
    info: str | None = Field(default=None, max_length=400)


_PARAMETER = re.compile(r"[\x20-\x7e]{1,40}")


class OrderDevice(CommandBody, name="attendance.order_device", feature="attendance.devices"):
    """A machine is to do something at its next call; nothing that deletes or runs programs.

    ``query_lines`` asks for the lines between ``from`` and ``to`` again (on the machine's wall
    clock); ``update_user`` sets the name shown for a PIN; ``delete_user`` takes a PIN off it.
    """

    serial: Serial
    kind: OrderKind
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    pin: Pin | None = None
    name_shown: str | None = Field(default=None, max_length=24)

    model_config = {"populate_by_name": True}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "query_lines":
            if self.from_ is None or self.to is None or self.to < self.from_:
                raise ValueError("query_lines needs from and to, in this order")
        elif self.kind in {"update_user", "delete_user"} and self.pin is None:
            raise ValueError(f"{self.kind} needs a pin")
        if self.name_shown is not None and not _PARAMETER.fullmatch(self.name_shown):
            raise ValueError("name_shown: printable ASCII, no control characters")
        return self


class ListDeviceOrders(QueryBody, name="attendance.list_device_orders"):
    """What a machine was told to do, and what came of it; newest first."""

    serial: Serial
    state: tuple[OrderState, ...] = ()


class RecordOrderResults(
    CommandBody, name="attendance.record_order_results", feature="attendance.devices"
):
    """A machine reports what came of its orders, in the text of its protocol."""

    serial: Serial
    text: str = Field(max_length=16_384)


class DeviceChanged(EventData, type="attendance.device.changed.v1", since="1.1"):
    """A machine was registered, moved, set right or taken out of service; the whole state."""

    serial: str
    office: OfficeCode
    time_zone: str
    sources: tuple[str, ...]
    enabled: bool

    @classmethod
    def example(cls) -> Self:
        """A machine in the city hall."""
        return cls(
            serial="SOLO0001",
            office=OfficeCode("BALAIKOTA"),
            time_zone="Asia/Jakarta",
            sources=("10.20.0.0/16",),
            enabled=True,
        )


class DevicePinMapped(EventData, type="attendance.device_pin.mapped.v1", since="1.1"):
    """A PIN of a machine has another owner; its lines count for them."""

    serial: str
    employee: EmployeeId | None
    previous: EmployeeId | None = None

    @classmethod
    def example(cls) -> Self:
        """A PIN that was nobody's."""
        return cls(serial="SOLO0001", employee=EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01"))


class DeviceClockCorrected(EventData, type="attendance.device.clock_corrected.v1", since="1.1"):
    """The moments of a machine between two instants count shifted, or (undone) no longer."""

    serial: str
    act: str
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    shift_s: int
    undone: bool = False

    model_config = {"populate_by_name": True}

    @classmethod
    def example(cls) -> Self:
        """A clock that was an hour slow."""
        act = "7c1a7d60-9a51-5f6f-8a6d-1c0100000002"
        first, last = datetime.fromisoformat(_FROM), datetime.fromisoformat(_TO)
        return cls(serial="SOLO0001", act=act, from_=first, to=last, shift_s=3_600)
