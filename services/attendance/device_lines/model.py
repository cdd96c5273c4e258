"""A line of a machine's log: what it says, whether it can be true, what it means for a day; pure.

A line is the machine's serial number, a PIN, a moment on the machine's own clock and the key that
was pressed; the same four are the same line, however often and by whichever way it comes.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from contracts.attendance_terms import Direction
from contracts.device_lines import LineStatus
from contracts.envelope import OfficeCode
from rules.working_time import zone
from services.attendance.days.punches import Punch
from services.attendance.patterns.model import DayRules

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""Before this no machine of the city stood: its clock was reset (they begin again at 2000)."""
AHEAD = timedelta(minutes=5)
"""A clock may be so far ahead of the gateway's before its lines are not believed."""
LATE = timedelta(minutes=15)
"""What comes so long after its moment is marked; it makes nobody late."""

Source = Literal["push", "file"]

_PIN = re.compile(r"[A-Za-z0-9]{1,24}")
_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_CODE = re.compile(r"[0-9]{1,5}")
_YEARS = range(1970, 2200)
_DIRECTIONS: dict[str, Direction] = {"0": "in", "1": "out"}


class NotALine(Exception):
    """The text cannot be read as a line; the reason in words."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a line says: whose PIN, when on the machine's clock, which key, which way to verify."""

    pin: str
    wall: str
    state: str
    verify: str

    @property
    def key(self) -> Direction | None:
        """The key that was pressed. Only 0 and 1 mean the same on all machines."""
        return _DIRECTIONS.get(self.state)

    def kept_in(self, line: "Line") -> "Line":
        """The line with what it says."""
        return replace(line, pin=self.pin, wall=self.wall, state=self.state, verify=self.verify)


def scan(pin: str, wall: str, state: str, verify: str) -> Scan:
    """A line from its fields; raises :class:`NotALine`."""
    if not _PIN.fullmatch(pin):
        raise NotALine("PIN: 1 to 24 letters or digits")
    if not _WALL.fullmatch(wall):
        raise NotALine("time: YYYY-MM-DD hh:mm:ss")
    if not _exists(wall):
        raise NotALine("time: no such date or time")
    for name, code in (("state", state), ("verify", verify)):
        if code and not _CODE.fullmatch(code):
            raise NotALine(f"{name}: a number")
    return Scan(pin, wall, state, verify)


def _exists(wall: str) -> bool:
    try:
        return datetime.fromisoformat(wall).year in _YEARS
    except ValueError:
        return False


def line_id(serial: str, said: Scan) -> str:
    """What makes a line unique; sorted by machine and moment."""
    return f"{serial}:{said.wall}:{said.pin}:{said.state}"


def odd_line_id(serial: str, raw: str) -> str:
    """The key of a line that cannot be read: the same text is kept once."""
    return f"{serial}:unreadable:{hashlib.sha256(raw.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is kept.

    ``punch`` is the id it has as a punch. ``at`` is the moment that counts, ``day`` the day it
    counts for (``<employee>:<date>``), ``left`` the days it counted for before and that are not
    judged again yet.
    """

    id: str
    punch: str
    serial: str
    office: OfficeCode
    zone: str
    raw: str
    source: Source
    received_at: datetime
    upload: str
    status: LineStatus
    pin: str = ""
    wall: str = ""
    state: str = ""
    verify: str = ""
    at: datetime | None = None
    flags: tuple[str, ...] = ()
    employee: str | None = None
    day: str | None = None
    left: tuple[str, ...] = ()

    @property
    def key(self) -> Direction | None:
        """The key that was pressed, where it means something."""
        return _DIRECTIONS.get(self.state)

    @property
    def clock(self) -> datetime:
        """The moment on the machine's own clock, uncorrected."""
        return moment(self.wall, self.zone)

    def leaving(self, day: str | None) -> "Line":
        """The line, remembering a day that it leaves until that day is judged again."""
        if day is None or day == self.day or day in self.left:
            return self
        return replace(self, left=(*self.left, day))


def moment(wall: str, zone_name: str) -> datetime:
    """A wall clock's moment in UTC."""
    return datetime.fromisoformat(wall).replace(tzinfo=zone(zone_name)).astimezone(UTC)


def doubt(at: datetime, received_at: datetime) -> str | None:
    """Why a moment cannot be true, or None."""
    if at < EARLIEST:
        return "clock_reset"
    return "clock_ahead" if at > received_at + AHEAD else None


DOUBTS = {
    "clock_reset": "the machine's clock was reset; the time is not plausible",
    "clock_ahead": "the machine's clock was ahead; the time is in the future",
}


def timed(line: Line, shift: timedelta) -> Line:
    """The line with the moment that counts under a correction of its clock, believed or not."""
    at = line.clock + shift
    flags = [found] if (found := doubt(at, line.received_at)) else []
    status: LineStatus = "implausible" if flags else "unmapped"
    if shift:
        flags.append("clock_corrected")
    if line.source == "push" and status != "implausible" and line.received_at - at > LATE:
        flags.append("uploaded_late")
    return replace(line, at=at, status=status, flags=tuple(flags))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many lines of a machine do not count yet: for want of an owner, or of a right clock."""

    unmapped: int = 0
    implausible: int = 0


def punches_of(lines: Sequence[Line], rules: DayRules) -> tuple[Punch, ...]:
    """The scans of one person's day as punches, each with a direction to begin with.

    Keys other than 0 and 1 mean different things on different machines: such a scan is read by the
    hours, or on a free day by its place: who comes first arrives.
    """
    counting = sorted(
        ((line.at, line.id, line) for line in lines if line.at is not None),
        key=lambda each: each[:2],
    )
    return tuple(
        Punch(
            id=line.punch,
            direction=line.key or _presumed(at, place, rules),
            office=line.office,
            method="device",
            at=at,
            received_at=line.received_at,
            captured_at=at if line.source == "push" else None,
            flags=line.flags,
            device=line.serial,
        )
        for place, (at, _, line) in enumerate(counting)
    )


def _presumed(at: datetime, place: int, rules: DayRules) -> Direction:
    if rules.start is None or rules.end is None:
        return "out" if place else "in"
    return "in" if at < rules.start + (rules.end - rules.start) / 2 else "out"
