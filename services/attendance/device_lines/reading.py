"""Lines as they come in: each is read on its own, so that a bad one is set aside; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.device_lines import LineRead, LinesTaken, OddLine
from kit.ids import derived_id
from services.attendance.device_lines import attlog, pushed
from services.attendance.device_lines.model import (
    DOUBTS,
    Line,
    NotALine,
    Source,
    line_id,
    odd_line_id,
    timed,
)
from services.attendance.devices.model import Device

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Delivery:
    """How lines came: with which message, when, which way; ``first`` is the number of the first."""

    id: str
    received_at: datetime
    source: Source
    first: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines with their numbers, and why those that do not count do not."""

    lines: tuple[tuple[int, Line], ...]
    odd: dict[int, str]

    def kept(self) -> list[Line]:
        """Each line once, the first of its kind."""
        return list({line.id: line for _, line in reversed(self.lines)}.values())


def read_batch(device: Device, raws: Sequence[str], delivery: Delivery) -> Batch:
    """What these texts say as lines of this machine; blank ones are none."""
    is_file = delivery.source == "file"
    lines: list[tuple[int, Line]] = []
    odd: dict[int, str] = {}
    for number, raw in enumerate(raws, start=delivery.first):
        if not raw.strip() or (is_file and attlog.is_skipped(raw)):
            continue
        try:
            said = attlog.read(raw) if is_file else pushed.read(raw)
        except NotALine as error:
            odd[number] = str(error)
            lines.append((number, _bare(device, raw, odd_line_id(device.serial, raw), delivery)))
            continue
        line = said.kept_in(_bare(device, raw, line_id(device.serial, said), delivery))
        line = timed(line, device.shift_at(line.clock))
        for flag in line.flags:
            if flag in DOUBTS:
                odd[number] = DOUBTS[flag]
        lines.append((number, line))
    return Batch(tuple(lines), odd)


def told(
    batch: Batch, placed: Sequence[Line], new: set[str], *, preview: bool = False
) -> LinesTaken:
    """What became of each line of the batch, in its order; the second of its kind is a repeat."""
    lines = {line.id: line for line in placed}
    seen: set[str] = set()
    counts = {"stored": 0, "duplicates": 0, "unmapped_lines": 0}
    odd: dict[str, list[OddLine]] = {"unreadable": [], "implausible": []}
    for number, read in batch.lines:
        line = lines[read.id]
        if line.status in odd:
            text = read.raw[:_SHOWN]
            odd[line.status].append(OddLine(line=number, text=text, detail=batch.odd[number]))
        elif read.id in seen or read.id not in new:
            counts["duplicates"] += 1
        else:
            counts["stored" if line.status == "counted" else "unmapped_lines"] += 1
        seen.add(read.id)
    return LinesTaken(
        lines=len(batch.lines),
        stored=counts["stored"],
        duplicates=counts["duplicates"],
        unmapped_lines=counts["unmapped_lines"],
        unreadable=tuple(odd["unreadable"]),
        implausible=tuple(odd["implausible"]),
        unmapped=tuple(sorted({line.pin for line in placed if line.status == "unmapped"})),
        punches=tuple(
            _read(number, lines[line.id]) for number, line in batch.lines if preview and line.pin
        ),
    )


def _bare(device: Device, raw: str, id_: str, delivery: Delivery) -> Line:
    return Line(
        id=id_,
        punch=derived_id("punch", id_),
        serial=device.serial,
        office=device.office,
        zone=device.time_zone,
        raw=raw,
        source=delivery.source,
        received_at=delivery.received_at,
        upload=delivery.id,
        status="unreadable",
    )


def _read(number: int, line: Line) -> LineRead:
    return LineRead(
        line=number, pin=line.pin, at=line.wall, direction=line.key, employee_id=line.employee
    )
