"""An ``attlog.dat`` file as an attendance machine exports it, and its import."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from deploy.demo.caller import NotDone
from deploy.demo.play.cast import Cast, Person
from deploy.demo.play.deeds import DEVICE, PIN, Player, key_of
from deploy.demo.play.workday import Workday

SERIAL = "SOLO0001"
UNKNOWN_PIN = "990001"
_BY_MACHINE = 24
_SHORT_PINS = 4
"""So many people are known to the machine by a short number, the others by their NIP."""


@dataclass(frozen=True, slots=True)
class Export:
    """The file, whose PINs have to be mapped, and what its import must answer."""

    office: str
    text: str
    pins: dict[str, str]
    scans: int
    bad_line: int

    def expected(self) -> dict[str, Any]:
        """The figures of the answer."""
        return {
            "lines": self.scans + 3,
            "stored": self.scans,
            "duplicates": 1,
            "unmapped_lines": 1,
            "unreadable": [self.bad_line],
            "unmapped": [UNKNOWN_PIN],
        }


def users(cast: Cast) -> list[Person]:
    """Those who check in at the machine: people of the largest agency."""
    sizes = {agency: len(cast.of_agency(agency)) for agency in {p.agency for p in cast.people}}
    largest = min(sizes, key=lambda agency: (-sizes[agency], agency))
    return cast.of_agency(largest)[:_BY_MACHINE]


def export(day: Workday, cast: Cast, people: Sequence[Person]) -> Export:
    """Everybody's arrival and departure, one line twice, one damaged, one of an unknown PIN."""
    pins: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for place, person in enumerate(people, start=1):
        draw = Random(f"attlog:{day.on}:{person.id}")  # noqa: S311  # repeatable on purpose
        pin = person.nip if person.nip and place > _SHORT_PINS else str(place)
        if pin != person.nip:
            pins[pin] = person.id
        came, left = 7 * 3_600 + draw.randint(0, 2_400), day.ends * 60 + draw.randint(10, 1_500)
        lines += [(came, _line(day, pin, came, 0)), (left, _line(day, pin, left, 1))]
    scans = len(lines)
    came = 7 * 3_600 + 1_500
    lines += [lines[0], (came, _line(day, UNKNOWN_PIN, came, 0))]
    ordered = [line for _, line in sorted(lines)]
    bad_line = len(ordered) // 2
    ordered.insert(bad_line, f"{'17':>9}\t{day.on:%Y-%m}-41 07:61:00\t1\t0\t1\t0")
    office = cast.office_of(people[0].agency).code
    return Export(office, "".join(f"{line}\r\n" for line in ordered), pins, scans, bad_line + 1)


def _line(day: Workday, pin: str, seconds: int, state: int) -> str:
    at = day.after_midnight(seconds)
    return f"{pin:>9}\t{at:%Y-%m-%d %H:%M:%S}\t1\t{state}\t1\t0"


async def play(admin: Player, loader: Player, day: Workday, file: Export) -> dict[str, Any]:
    """Register the machine, map its PINs, import the file; what is wrong in it must be reported."""
    body = {"serial": SERIAL, "office": file.office, "time_zone": "Asia/Jakarta"}
    key = key_of("machine", SERIAL, body=body)
    await admin.accepted(DEVICE, "/v1/devices", key=key, body=body)
    for pin, employee in file.pins.items():
        owner = {"employee_id": employee}
        path = f"/v1/devices/{SERIAL}/pins/{pin}"
        key = key_of("pin", SERIAL, pin, body=owner)
        await admin.accepted(PIN, path, key=key, body=owner, method="PUT")
    path = f"/v1/imports/attlog?serial={SERIAL}"
    key = key_of(day.on.isoformat(), "attlog", body=file.text)
    told = await loader.file(path, key=key, text=file.text)
    found = {name: told[name] for name in file.expected()}
    found["unreadable"] = [line["line"] for line in told["unreadable"]]
    if found != file.expected():
        raise NotDone(f"attlog.dat: expected {file.expected()}, answered {found}")
    return found
