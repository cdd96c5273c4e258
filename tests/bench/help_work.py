"""Help between agencies with a hundred thousand requests and tasks there: reading, and acting."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from tests.bench import help_seed, meters
from tests.bench.help_seed import Waiting, noun
from tests.bench.plans import Run
from tests.bench.scenarios import Bench, Figure, Result, percentiles

_RATE = 200.0
_ACTING_S = 20.0
_ACTS = ("accept", "start", "log", "deliver", "confirm")
_READS, _AT_ONCE = 100, 4
_READ_P95_MS = 300
_PATIENCE_S = 60.0
_BODIES: Mapping[str, dict[str, Any]] = {
    "start": {},
    "log": {"minutes": 30, "note": "Ukur"},
    "deliver": {"summary": "Selesai"},
    "confirm": {"rating": 5, "thanks": "Matur nuwun"},
}


@dataclass(frozen=True, slots=True)
class _Act:
    path: str
    token: str
    body: dict[str, Any]


async def tasks(bench: Bench) -> Result:
    """Lists, boards, searches, time lines and insights; then 200 changes a second of all kinds."""
    per_act = round(_RATE * _ACTING_S / len(_ACTS))
    with bench.system.progress.step("putting 100,000 requests and tasks there"):
        waiting = await asyncio.to_thread(
            help_seed.seed, bench.books, bench.callers, help_seed.moment(), per_act
        )
    heads = _heads(bench)
    before = meters.cpu_seconds(bench.system.pids())
    run = Run(began_at=time.time(), seconds=0.0)
    figures = [Figure("requests and tasks", help_seed.REQUESTS + help_seed.TASKS, "")]
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    async with aiohttp.ClientSession(bench.addresses.gateway, timeout=timeout) as session:
        for name, paths in _questions(waiting).items():
            figures.append(await _read(session, name, paths, heads, run))
            bench.system.progress.say(f"  {figures[-1].name}: {figures[-1].value} ms")
        began = time.monotonic()
        acted = await _act_all(session, waiting, heads, run)
        seconds = time.monotonic() - began
    run.seconds += seconds
    done = sum(status == 200 for _, _, status in acted)
    figures += [
        Figure("changes asked for", _RATE, "/s"),
        Figure("changes made", round(done / seconds, 1), "/s", ">=", _RATE * 0.95),
        *percentiles(acted, 500),
        Figure("200 / 202 / other", done, _others(acted)),
    ]
    run.samples += acted
    cpu = meters.used(before, meters.cpu_seconds(bench.system.pids()))
    return Result("tasks", figures, run, cpu, None, run.unexpected)


def _heads(bench: Bench) -> dict[str, str]:
    """A token of a head of each agency."""
    first = {caller.agency: caller for caller in reversed(bench.callers)}
    return {
        agency: bench.mint.token_for(
            Actor(
                account=f"kepala-{agency}",
                employee=EmployeeId(caller.employee),
                agency=AgencyCode(agency),
                grants=(Grant(role="head", scope=agency),),
            )
        )
        for agency, caller in first.items()
    }


def _questions(waiting: Sequence[Waiting]) -> dict[str, list[tuple[str, str]]]:
    """What is read: for each kind the agency that asks and the path."""
    some = [waiting[place % len(waiting)] for place in range(_READS)]
    mine = [one.receiving for one in some]
    return {
        "list, by state and agency": [
            (code, f"/v1/help-requests?receiving_agency={code}&state=requested") for code in mine
        ],
        "list, own newest": [(code, "/v1/help-requests") for code in mine],
        "search, two words": [
            (code, f"/v1/help-requests?q=bantuan%20{noun(place)}")
            for place, code in enumerate(mine)
        ],
        "search among tasks": [
            (code, f"/v1/tasks?q=susun%20{noun(place)}") for place, code in enumerate(mine)
        ],
        "board of an agency": [(code, f"/v1/tasks/board?agency={code}") for code in mine],
        "time line": [(one.receiving, f"/v1/help-requests/{one.id}/timeline") for one in some],
        "load of an agency": [(code, f"/v1/load?agency={code}") for code in mine],
        "insights, a year": [
            (code, "/v1/insights/help?from=2026-01-01&to=2026-12-31") for code in mine[:20]
        ],
        "what waits for whom": [(code, "/v1/insights/waiting") for code in mine[:20]],
    }


async def _read(
    session: aiohttp.ClientSession,
    name: str,
    questions: Sequence[tuple[str, str]],
    heads: Mapping[str, str],
    run: Run,
) -> Figure:
    """Some callers, one question after the other; the 95th percentile of what they wait."""
    waits: list[float] = []
    left = list(questions)

    async def caller() -> None:
        while left:
            agency, path = left.pop()
            began = time.monotonic()
            async with session.get(path, headers=_bearer(heads[agency])) as answer:
                told = await answer.text()
            waits.append((time.monotonic() - began) * 1_000)
            if answer.status != 200:
                run.unexpected.append(f"{path} {answer.status}: {told[:200]}")

    began = time.monotonic()
    await asyncio.gather(*(caller() for _ in range(_AT_ONCE)))
    run.seconds += time.monotonic() - began
    p95 = sorted(waits)[max(0, round(len(waits) * 0.95) - 1)]
    return Figure(f"p95 {name}", round(p95, 1), "ms", "<=", _READ_P95_MS)


async def _act_all(
    session: aiohttp.ClientSession,
    waiting: Sequence[Waiting],
    heads: Mapping[str, str],
    run: Run,
) -> list[tuple[float, float, int]]:
    """Open loop: every request is accepted, then every one started, and so on, at one rate."""
    acts = [_the_act(name, one, heads) for name in _ACTS for one in waiting]
    samples: list[tuple[float, float, int]] = []
    start = time.monotonic()

    async def carry_out(place: int, act: _Act) -> None:
        due = place / _RATE
        await asyncio.sleep(max(0.0, start + due - time.monotonic()))
        headers = {**_bearer(act.token), "Idempotency-Key": f"act-{place}-{start}"}
        try:
            async with session.post(act.path, json=act.body, headers=headers) as answer:
                told = await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            samples.append((due, time.monotonic() - start, 0))
            return
        samples.append((due, time.monotonic() - start, answer.status))
        if answer.status not in {200, 202, 503} and len(run.unexpected) < _AT_ONCE:
            run.unexpected.append(f"{act.path} {answer.status}: {told[:200]}")

    await asyncio.gather(*(carry_out(*each) for each in enumerate(acts)))
    return samples


def _the_act(name: str, one: Waiting, heads: Mapping[str, str]) -> _Act:
    by = one.asking if name == "confirm" else one.receiving
    body = {"people": [one.helper]} if name == "accept" else _BODIES[name]
    return _Act(f"/v1/help-requests/{one.id}/{name}", heads[by], body)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _others(samples: Sequence[tuple[float, float, int]]) -> str:
    later = sum(status == 202 for _, _, status in samples)
    return f"/ {later} / {sum(status not in {200, 202} for _, _, status in samples)}"
