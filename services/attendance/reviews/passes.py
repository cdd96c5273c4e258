"""The nightly pass: the captures that arrived on a day are read in portions and looked at.

Outside the way of check-ins, in portions with rests between them, and repeatable: the same captures
raise the same reviews once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta

from contracts.envelope import AgencyCode
from kit.clock import now
from kit.ids import derived_id
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from kit.storage.connection import Document
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance.context import Attendance
from services.attendance.reviews.captures import Capture, Spot
from services.attendance.reviews.clocks import clock_resets
from services.attendance.reviews.detectors import WINDOW_DAYS, Finding, Habits, find
from services.attendance.reviews.model import raised

handlers: Handlers[Attendance] = Handlers()
log = get_logger(__name__)

NIGHT = time(1, 30)
"""From when on the captures of the day before are looked at."""

_JOB = "attendance.review_captures"
_BACK_DAYS = 3
_CITY_ZONE = "Asia/Jakarta"
_PORTION = timedelta(hours=1)
"""In the busiest hour about ten thousand captures of 6,000 people."""

_RESTS = 4
"""How many times as long as it read the pass rests before the next portion."""

_RAISED_AT_ONCE = 32
_DAY = timedelta(days=1)


@handlers.every(300.0, _JOB, share=0.2)
async def review_captures(attendance: Attendance) -> None:
    """Look at the last days that were not looked at yet, once the night has come."""
    local = now().astimezone(zone(_CITY_ZONE))
    if local.time() < NIGHT:
        return
    for back in range(_BACK_DAYS, 0, -1):
        on = local.date() - back * _DAY
        if not await attendance.reviews.was_passed(on):
            with contextlib.suppress(_TakenOver):
                await review_day(attendance, on)


class _TakenOver(Exception):
    """Another replica looks at the days now; it begins anew and finds the same."""


async def review_day(attendance: Attendance, on: date, *, rests: float = _RESTS) -> None:
    """Look at what arrived on a day, with the habits of the days before it."""
    today = [one async for one in _captures(attendance, on, rests)]
    habits = Habits.of(today)
    for one in today:
        habits.add(one, on)
    for back in range(1, WINDOW_DAYS):
        earlier = on - back * _DAY
        async for one in _captures(attendance, earlier, rests):
            habits.add(one, earlier)
    found = await asyncio.to_thread(find, today, habits)
    found += await _clock_resets(attendance, on)
    for first in range(0, len(found), _RAISED_AT_ONCE):
        await _keep_the_lease(attendance)
        portion = found[first : first + _RAISED_AT_ONCE]
        await asyncio.gather(*(_raise(attendance, finding, on) for finding in portion))
    await attendance.reviews.passed(on, len(today), len(found))
    log.info("reviews.passed", date=on.isoformat(), captures=len(today), findings=len(found))


async def _raise(attendance: Attendance, finding: Finding, on: date) -> None:
    person = await attendance.copies.people.get(finding.employee)
    main = main_on(person.assignments, on) if person else None
    if main is None:
        return
    id_ = derived_id("review", finding.kind, finding.employee, f"{on:%Y-%m}")
    agency, moment = AgencyCode(main.agency), now()
    cause = Cause.timer("attendance", "review", finding.kind, finding.employee, on.isoformat())
    await attendance.reviews.change(
        id_, lambda review: raised(review, id_, finding, agency, on, at=moment), cause
    )


async def _keep_the_lease(attendance: Attendance) -> None:
    if not await attendance.leases.take(_JOB):
        raise _TakenOver


async def _clock_resets(attendance: Attendance, on: date) -> list[Finding]:
    """Whose lines arrived on a day from a machine whose clock had been reset."""
    lines = await attendance.lines.implausible_between(*_span_of(on))
    pins: dict[str, set[str]] = {}
    for line in lines:
        pins.setdefault(line.serial, set()).add(line.pin)
    owners: dict[tuple[str, str], str] = {}
    for serial, some in pins.items():
        by_nip = await attendance.copies.people.by_nip(sorted(some))
        owners |= {(serial, nip): person.id for nip, person in by_nip.items()}
        said = await attendance.devices.owners(serial, some)
        owners |= {(serial, pin): who for pin, who in said.items() if who is not None}
    return clock_resets(lines, owners)


def _span_of(on: date) -> tuple[datetime, datetime]:
    """A day of the city, from moment to moment."""
    local = zone(_CITY_ZONE)
    start = datetime.combine(on, time(), local).astimezone(UTC)
    return start, datetime.combine(on + _DAY, time(), local).astimezone(UTC)


async def _captures(attendance: Attendance, on: date, rests: float) -> AsyncIterator[Capture]:
    """What arrived on a day of the city, an hour at a time.

    Not sorted and cut into pages: the embedded database would read and sort the rest for each.
    """
    start, end = _span_of(on)
    clock = asyncio.get_running_loop().time
    while start < end:
        await _keep_the_lease(attendance)
        began = clock()
        for document in await attendance.positions.received(start, start + _PORTION):
            yield _capture(document)
        start += _PORTION
        await asyncio.sleep((clock() - began) * rests)


def _capture(document: Document) -> Capture:
    given = document["position"]
    spot = None
    if given is not None:
        spot = Spot(given["lat"], given["lon"], given["accuracy_m"], given.get("mocked", False))
    return Capture(
        check_in=document["_id"].rpartition(":")[2],
        employee=document["employee"],
        at=document["at"],
        received_at=document["received_at"],
        office=document["office"],
        captured_at=document["captured_at"],
        offline=document["offline"],
        by_kiosk=document["kiosk_use"] is not None,
        elsewhere="position_elsewhere" in document["flags"],
        spot=spot,
    )
