"""Lines become punches of their people's days: from marks, a few days at a time, in one write each.

The scans of a day are always *all* lines that count for it, so it does not matter in which order,
how often, or in how many parts they came. A mark is forgotten after its days are written; whatever
dies in between is done again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from time import monotonic

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision
from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from kit.storage.aggregates import Cause
from services.attendance.context import Attendance
from services.attendance.days.inputs import Input
from services.attendance.days.model import Day
from services.attendance.days.settling import acts_for
from services.attendance.device_lines.marks import CLOCK, DAY, PIN, clock_key, parts, pin_key
from services.attendance.device_lines.model import Line, punches_of, timed
from services.attendance.device_lines.placing import DayOf, placed, rules_of
from services.attendance.devices.model import Device
from services.attendance.own_copies.store import Person

handlers: Handlers[Attendance] = Handlers()

_MARKS_AT_ONCE = 3
_DAYS_AT_ONCE = 16
_STEP_S = 3.0
"""A run ends after so long, well within the term of its lease."""
_ROUNDS = 5


@handlers.every(0.5, "attendance.follow_device_lines", share=0.4)
async def follow_device_lines(attendance: Attendance) -> None:
    """Bring marked days, PINs and spans up to date; most of the time is left to check-ins."""
    began = monotonic()
    while monotonic() - began < _STEP_S:
        keys, marks = await attendance.lines.marks.take(_MARKS_AT_ONCE)
        if not marks:
            return
        for serial, act in parts(keys, CLOCK):
            await _spread(attendance, serial, act)
        days = {day for (day,) in parts(keys, DAY)}
        for serial, pin in parts(keys, PIN):
            days |= await _replace(attendance, serial, pin)
        await judge_days(attendance, sorted(days))
        await attendance.lines.settle(sorted(days))
        await attendance.lines.marks.done(marks)


async def mark_pins(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """The owner of these PINs changed: their lines count for somebody else."""
    pins = (change.subject.partition(":") for change in changes)
    await attendance.lines.marks.add(*(pin_key(serial, pin) for serial, _, pin in pins))


async def mark_clocks(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """These machines' clocks were corrected: every act of theirs is looked at again."""
    for serial in {change.subject for change in changes}:
        device = await attendance.devices.find(serial)
        if device is not None and device.clock_acts:
            await attendance.lines.marks.add(
                *(clock_key(serial, act.id) for act in device.clock_acts)
            )


async def mark_people(attendance: Attendance, people: Sequence[tuple[str, str | None]]) -> None:
    """These people became known, or their posts changed: lines may have waited for them."""
    found = await attendance.lines.waiting_for(
        [employee for employee, _ in people], [nip for _, nip in people if nip]
    )
    if found:
        await attendance.lines.marks.add(*(pin_key(serial, pin) for serial, pin in found))


async def judge_days(attendance: Attendance, days: Sequence[str]) -> None:
    """Give each day the scans that its lines are, until both agree."""
    for start in range(0, len(days), _DAYS_AT_ONCE):
        await _judge(attendance, days[start : start + _DAYS_AT_ONCE])


async def _judge(attendance: Attendance, days: Sequence[str]) -> None:
    """Lines that arrive, or leave, while their day is written are seen by the look afterwards."""
    people = await attendance.copies.people.current(day.rpartition(":")[0] for day in days)
    used: dict[str, frozenset[Line]] = {}
    for _ in range(_ROUNDS):
        found = await attendance.lines.of_days(days)
        lines = {day: frozenset(each) for day, each in found.items()}
        behind = [day for day in days if used.get(day) != lines[day]]
        if not behind:
            return
        await asyncio.gather(*(_write(attendance, day, people, found[day]) for day in behind))
        used = lines
    raise RuntimeError("the lines of a day did not stand still")


async def _write(
    attendance: Attendance, key: str, people: Mapping[str, Person], lines: Sequence[Line]
) -> None:
    employee, _, on = key.rpartition(":")
    day = date.fromisoformat(on)
    person = people.get(employee)
    found = await rules_of(attendance, person, day) if person else None
    stored = await attendance.days.get(employee, day)
    if found is None or (stored is None and not lines):
        return
    acts = await acts_for(attendance, employee, found.rules)
    decide = _scanned(found, lines, acts)
    if stored is not None and decide(stored.state.live).state == stored.state.live:
        return
    said = sha256("\n".join(sorted(repr(line) for line in lines)).encode()).hexdigest()
    version = stored.version if stored else 0
    cause = Cause.timer("attendance", "scans", key, version, said)
    await attendance.days.change(key, decide, cause)


def _scanned(
    found: DayOf, lines: Sequence[Line], acts: Sequence[Input]
) -> Callable[[Day | None], Decision[Day]]:
    scans = punches_of(lines, found.rules)

    def decide(day: Day | None) -> Decision[Day]:
        standing = day or Day.blank(
            EmployeeId(found.person.id), AgencyCode(found.agency), found.rules, acts
        )
        return standing.with_scans(scans, found.rules)

    return decide


async def _replace(attendance: Attendance, serial: str, pin: str) -> set[str]:
    """Place every line of a PIN anew; the days that gained or lost one."""
    device = await attendance.devices.find(serial)
    if device is None:
        return set()
    lines = await attendance.lines.of_pin(serial, pin)
    again = await placed(attendance, serial, [_timed(device, line) for line in lines])
    days: set[str] = set()
    moved: list[Line] = []
    for old, new in zip(lines, again, strict=True):
        days |= {day for day in (old.day, new.day, *old.left) if day}
        if new != old:
            moved.append(new.leaving(old.day))
    await asyncio.gather(*(attendance.lines.place(line) for line in moved))
    return days


def _timed(device: Device, line: Line) -> Line:
    return line if line.status == "unreadable" else timed(line, device.shift_at(line.clock))


async def _spread(attendance: Attendance, serial: str, act_id: str) -> None:
    """Mark the PINs that have lines in the span of a correction."""
    device = await attendance.devices.find(serial)
    act = device.act(act_id) if device else None
    if device is None or act is None:
        return
    first, last = (device.wall(moment) for moment in (act.from_, act.to))
    pins = await attendance.lines.pins_between(serial, first, last)
    if pins:
        await attendance.lines.marks.add(*(pin_key(serial, pin) for pin in sorted(pins)))
