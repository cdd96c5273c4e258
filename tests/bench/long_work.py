"""Work that takes long by nature: a city's days judged anew, and its month as a file."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp

from tests.bench import backlog, meters
from tests.bench.callers import ADMIN
from tests.bench.plans import Run
from tests.bench.scenarios import Bench, Figure, Result

_WHOLE_CITY = "PEMKOT"
_MONTH_OF_THE_CITY = 6_000 * 20
_RECAP_S = 30.0
_PATIENCE_S = 900.0


async def recompute(bench: Bench) -> Result:
    """All days that are there, judged anew by one job; how long a month of the city would take."""
    to = backlog.today()
    path = f"/v1/agencies/{_WHOLE_CITY}/attendance/recompute"
    period = {"from": str(to - timedelta(days=28)), "to": str(to)}
    days = await asyncio.to_thread(bench.books.count, "attendance", "days")
    before = meters.cpu_seconds(bench.system.pids())
    run = Run(began_at=time.time(), seconds=0.0)
    async with _office(bench) as session:
        began = time.monotonic()
        async with session.post(path, params=period, headers=_key("recompute")) as answer:
            answer.raise_for_status()
            location = answer.headers["Location"]
        job = await _ended(session, location)
    run.seconds = time.monotonic() - began
    cpu = meters.used(before, meters.cpu_seconds(bench.system.pids()))
    examined = int((job["result"] or {}).get("examined", 0))
    if job["state"] != "done" or job["problems"] or examined != days:
        run.unexpected.append(f"{examined} of {days} days were judged: {job}"[:500])
    figures = [
        Figure("days judged", examined, ""),
        Figure("a second", round(examined / run.seconds, 1), "/s"),
        Figure("a month of 6,000 at that rate", _minutes(run.seconds, examined), "min"),
    ]
    return Result("recompute", figures, run, cpu, None, run.unexpected)


async def recap(bench: Bench) -> Result:
    """The whole city's month as a file, twice: a row for each of its people."""
    month = f"{backlog.today():%Y-%m}"
    path = f"/v1/agencies/{_WHOLE_CITY}/attendance/monthly"
    before = meters.cpu_seconds(bench.system.pids())
    run = Run(began_at=time.time(), seconds=0.0)
    figures = [Figure("people", len(bench.callers), "")]
    async with _office(bench) as session:
        for what in ("first", "again"):
            began = time.monotonic()
            wanted = {"Accept": "text/csv"}
            async with session.get(path, params={"period": month}, headers=wanted) as answer:
                rows = (await answer.text()).strip().count("\n")
            if answer.status != 200 or rows != len(bench.callers):
                run.unexpected.append(f"{path} {answer.status}: {rows} rows")
            seconds = time.monotonic() - began
            run.seconds += seconds
            figures.append(Figure(f"CSV, {what}", round(seconds, 1), "s", "<=", _RECAP_S))
    cpu = meters.used(before, meters.cpu_seconds(bench.system.pids()))
    return Result("recap", figures, run, cpu, None, run.unexpected)


def _office(bench: Bench) -> aiohttp.ClientSession:
    headers = {"Authorization": f"Bearer {bench.mint.token_for(ADMIN)}"}
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    return aiohttp.ClientSession(bench.addresses.gateway, headers=headers, timeout=timeout)


def _key(what: str) -> dict[str, str]:
    return {"Idempotency-Key": f"{what}-{time.time_ns()}"}


async def _ended(session: aiohttp.ClientSession, location: str) -> dict[str, Any]:
    """The job's last state; the location is the job's, or a receipt's that leads to it."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        async with session.get(location) as answer:
            told: dict[str, Any] = await answer.json()
        if told.get("state") in {"done", "failed", "cancelled"}:
            return told
        if told.get("status") == "accepted":
            location = f"/v1/jobs/{told['result']['id']}"
        await asyncio.sleep(0.2)
    raise SystemExit("the job does not come to its end")


def _minutes(seconds: float, days: int) -> float:
    return round(seconds / max(1, days) * _MONTH_OF_THE_CITY / 60, 1)
