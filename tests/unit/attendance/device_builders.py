"""Machines and their lines with readable defaults."""

from datetime import datetime
from pathlib import Path

from contracts.envelope import OfficeCode
from services.attendance.device_lines.model import Line
from services.attendance.device_lines.reading import Batch, Delivery, read_batch
from services.attendance.devices.model import ClockAct, Device
from tests.unit.attendance.builders import at

SAMPLES = Path(__file__).parents[2] / "data" / "zkteco"


def a_device(**changes: object) -> Device:
    """A machine in the city hall."""
    return Device(
        **{
            "serial": "SOLO0000001",
            "office": OfficeCode("BALAIKOTA"),
            "time_zone": "Asia/Jakarta",
            **changes,
        }
    )


def an_act(first: str, last: str, shift_s: int, **changes: object) -> ClockAct:
    """A correction of Tuesday's clock."""
    fields = {"id": f"act-{first}", "reason": None, "by": "admin", "at": at("18:00")}
    return ClockAct(**{**fields, "from_": at(first), "to": at(last), "shift_s": shift_s, **changes})


def a_batch(
    *raws: str,
    device: Device | None = None,
    source: str = "push",
    received_at: datetime | None = None,
    first: int = 1,
) -> Batch:
    """Lines as they were read on Tuesday evening."""
    delivery = Delivery("upload-1", received_at or at("18:00"), source, first)
    return read_batch(device or a_device(), raws, delivery)


def lines_of(*raws: str, **more: object) -> list[Line]:
    """The lines themselves."""
    return [line for _, line in a_batch(*raws, **more).lines]


def sample(name: str) -> list[str]:
    """The lines of a sample body."""
    return (SAMPLES / name).read_bytes().decode().split("\n")
