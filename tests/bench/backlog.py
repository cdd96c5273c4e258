"""A machine that was cut off for a week brings 20,000 lines, while people check in by phone."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import aiohttp

from tests.bench.books import Books
from tests.bench.callers import ADMIN, Caller, Mint

SERIAL = "UKUR0001"
_DAYS = 5
_CLOCKS = ("07:12", "12:03", "12:51", "16:37")
_PER_UPLOAD = 500
_PINS_AT_ONCE = 16
_PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Carried:
    """How long the machine was busy, and when everything counted, in seconds from the beginning."""

    uploaded_s: float
    counted_s: float
    failures: list[str]


def log_of(people: int, lines: int, today: date) -> list[str]:
    """The machine's log of the days before today: four scans a person and day, in order."""
    days = [today - timedelta(days=back) for back in range(_DAYS, 0, -1)]
    log = [
        f"{pin + 1}\t{day} {clock}:{pin % 60:02d}\t{int(clock > '12:30')}\t1\t0"
        for day in days
        for clock in _CLOCKS
        for pin in range(people)
    ]
    return log[:lines]


def people_for(lines: int) -> int:
    """How many people make so many lines."""
    return -(-lines // (_DAYS * len(_CLOCKS)))


async def connect(gateway: str, mint: Mint, office: str, people: Sequence[Caller]) -> None:
    """Register the machine and say whose its PINs are."""
    headers = {"Authorization": f"Bearer {mint.token_for(ADMIN)}"}
    async with aiohttp.ClientSession(gateway, headers=headers) as session:
        body = {"serial": SERIAL, "office": office}
        async with session.post("/v1/devices", json=body) as answer:
            answer.raise_for_status()
        gate = asyncio.Semaphore(_PINS_AT_ONCE)

        async def map_pin(pin: int, person: Caller) -> None:
            path = f"/v1/devices/{SERIAL}/pins/{pin}"
            async with gate, session.put(path, json={"employee_id": person.employee}) as answer:
                answer.raise_for_status()

        await asyncio.gather(*(map_pin(*each) for each in enumerate(people, start=1)))


async def carry(gateway: str, books: Books, log: Sequence[str]) -> Carried:
    """Upload the log as a machine does, one body after the other, and wait until it counts."""
    began = time.monotonic()
    failures: list[str] = []
    path = f"/iclock/cdata?SN={SERIAL}&table=ATTLOG&Stamp=9999"
    async with aiohttp.ClientSession(gateway) as session:
        for start in range(0, len(log), _PER_UPLOAD):
            part = log[start : start + _PER_UPLOAD]
            async with session.post(path, data="\n".join(part).encode()) as answer:
                told = await answer.text()
            if told != f"OK: {len(part)}":
                failures.append(f"upload at {start}: {answer.status} {told[:100]}")
    uploaded = time.monotonic() - began
    while not await asyncio.to_thread(_is_counted, books, len(log)):
        if time.monotonic() - began > _PATIENCE_S:
            failures.append(f"not all of {len(log)} lines count after {_PATIENCE_S:.0f} s")
            break
        await asyncio.sleep(0.5)
    counted = time.monotonic() - began
    return Carried(uploaded, counted, failures + await asyncio.to_thread(_wrong, books, log))


def today() -> date:
    """The city's date."""
    return (datetime.now(UTC) + timedelta(hours=7)).date()


def _is_counted(books: Books, lines: int) -> bool:
    kept = books.count("attendance", "device_lines")
    return kept >= lines and not books.count("attendance", "device_line_marks")


def _wrong(books: Books, log: Sequence[str]) -> list[str]:
    """Lines that are lost, or that count twice."""
    kept = books.count("attendance", "device_lines")
    scans = books.scans()
    twice = sum(times > 1 for times in scans.values())
    found = {"lines are kept": kept, "scans count": len(scans)}
    wrong = [f"{count} {what} of {len(log)}" for what, count in found.items() if count != len(log)]
    return wrong + ([f"{twice} scans count twice"] if twice else [])
