"""The classic export of an attendance machine, ``attlog.dat`` (domain.md §4.5); pure.

Fields are separated by tabs: PIN (right-aligned), wall-clock time, *device number*, *state*,
verify, work code; the last two may be missing. A push line has the state where the device number
stands here, so the two never share a parser. A variant begins with a serial line (``S…``) and ends
with a checksum line (``C…``); both are skipped.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from contracts.attendance_terms import Direction

_FIELDS_AT_LEAST = 4
_PIN = re.compile(r"^[A-Za-z0-9]{1,24}$")
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_DIRECTIONS: dict[str, Direction] = {"0": "in", "1": "out"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was understood."""

    number: int
    pin: str
    at: datetime
    direction: Direction


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that was not understood, and why."""

    number: int
    text: str
    detail: str


def parse(text: str, zone: ZoneInfo) -> tuple[list[Line], list[Unreadable]]:
    """The lines of a file; a bad line is set aside and the rest goes on."""
    lines: list[Line] = []
    unreadable: list[Unreadable] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or (raw[0] in "SC" and "\t" not in raw):
            continue
        read = _line(number, raw, zone)
        if isinstance(read, Line):
            lines.append(read)
        else:
            unreadable.append(read)
    return lines, unreadable


def _line(number: int, raw: str, zone: ZoneInfo) -> Line | Unreadable:
    fields = [field.strip() for field in raw.split("\t")]
    shown = raw[:120]
    if len(fields) < _FIELDS_AT_LEAST:
        return Unreadable(number, shown, f"{len(fields)} fields, at least {_FIELDS_AT_LEAST}")
    if not _PIN.match(fields[0]):
        return Unreadable(number, shown, "PIN: 1 to 24 letters or digits")
    try:
        wall = datetime.strptime(fields[1], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  # wall clock
    except ValueError:
        return Unreadable(number, shown, "time: YYYY-MM-DD hh:mm:ss")
    at = wall.replace(tzinfo=zone)
    if at < _EARLIEST:
        return Unreadable(number, shown, "the machine's clock was reset; the time is not plausible")
    direction = _DIRECTIONS.get(fields[3])
    if direction is None:
        return Unreadable(number, shown, "state: 0 (in) or 1 (out)")
    return Line(number, fields[0], at, direction)
