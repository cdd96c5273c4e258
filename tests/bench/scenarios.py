"""The scenarios: what is asked, how it is measured, what the target is."""

import asyncio
import contextlib
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.attendance import CheckInRecorded
from deploy.local.settings import CHECKOUT
from tests.bench import backlog, meters
from tests.bench.books import Books, differences, quiet
from tests.bench.callers import OTHER_GOVERNMENT, Caller, Mint
from tests.bench.city import Place
from tests.bench.own_system import OwnSystem
from tests.bench.plans import Call, Movements, Plan, Run, arrivals

_DRAIN_PATIENCE_S = 120.0
_GENERATOR_PATIENCE_S = 90.0
_RUSH_S = 180.0
"""Half an hour of a morning, ten times as fast."""
_LINES_A_SECOND = 250
"""How long check-ins go on beside a backlog: about as long as it is at work."""
_ROOM = 1.2
"""More calls are prepared than a Poisson process is likely to need."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and what it should be; ``better`` is ``<=`` or ``>=``."""

    name: str
    value: float
    unit: str
    better: str = ""
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "<=" else self.value >= self.target


@dataclass(slots=True)
class Result:
    """What a scenario found."""

    name: str
    figures: list[Figure]
    run: Run
    cpu_s: dict[str, float] = field(default_factory=dict)
    lag: meters.Lag | None = None
    failures: list[str] = field(default_factory=list)


class Bench:
    """The running system and everything the scenarios share."""

    def __init__(
        self,
        system: OwnSystem,
        callers: Sequence[Caller],
        places: Sequence[Place],
        raw: Path,
    ) -> None:
        self.system = system
        self.addresses = system.addresses
        self.books = Books(self.addresses.mongodb)
        self.mint = Mint(system.signing_key)
        self.callers = callers
        self.places = places
        self.movements = Movements(callers, places, self.mint)
        self._raw = raw
        self.accepted: list[str] = []
        self.uncertain: list[str] = []

    async def saturation(self, seconds: float, connections: int) -> Result:
        """Closed loop: how much is decided, and how much is really done, a second."""
        calls = self.movements.next(round(seconds * 800))
        plan = Plan(self.addresses.gateway, "closed", seconds, calls, connections=connections)
        result, drain_s = await self._check_ins("saturation", plan)
        run = result.run
        done = run.count(201)
        result.figures[:0] = [
            Figure("verdicts", round(done / run.seconds, 1), "/s", ">=", 400),
            Figure("sustained", round(done / (run.seconds + drain_s), 1), "/s", ">=", 300),
            Figure("drain after the run", round(drain_s, 2), "s"),
        ]
        return result

    async def steady(self, name: str, rate: float, seconds: float, p99_ms: float) -> Result:
        """Open loop: what a caller waits at this rate, and whether readers keep up."""
        calls = self.movements.next(round(rate * seconds * _ROOM) + 50)
        plan = Plan(self.addresses.gateway, "open", seconds, calls, rate=rate)
        result, drain_s = await self._check_ins(name, plan)
        result.figures[:0] = [
            Figure("answered 201", round(result.run.count(201) / result.run.seconds, 1), "/s"),
            *percentiles(result.run.samples, p99_ms),
            Figure("settled after the end", round(drain_s, 2), "s", "<=", 2.0),
        ]
        if result.lag is not None:
            growth = Figure("waiting messages grow by", result.lag.growth_per_s, "/s", "<=", 1.0)
            result.figures += [growth, Figure("most waiting", result.lag.most, "")]
        return result

    async def rush(self, share: float) -> Result:
        """A morning of the whole city, or a share of it: everybody's arrival, most of them late."""
        people, seconds = round(len(self.callers) * share), _RUSH_S * share
        calls = self.movements.next(people)
        due = tuple(arrivals(people, seconds, 1))
        plan = Plan(self.addresses.gateway, "open", seconds, calls, due=due)
        result, drain_s = await self._check_ins("rush", plan)
        late = [sample for sample in result.run.samples if sample[0] > seconds * 2 / 3]
        result.figures[:0] = [
            Figure("people", people, ""),
            Figure("refused by the system", _refused(result.run), "", "<=", 0),
            *percentiles(result.run.samples),
            Figure("p99 of the last third", percentiles(late)[2].value, "ms"),
            Figure("settled after the end", round(drain_s, 2), "s"),
        ]
        return result

    async def questions(self, rate: float, seconds: float) -> Result:
        """Open loop of queries: the own day, an office's presence, a page of the feed."""
        calls = self._questions(round(rate * seconds * _ROOM) + 50)
        plan = Plan(self.addresses.gateway, "open", seconds, calls, rate=rate)
        before = meters.cpu_seconds(self.system.pids())
        run = await self.generate("queries", plan)
        cpu = meters.used(before, meters.cpu_seconds(self.system.pids()))
        figures = [
            Figure("answered 200", round(run.count(200) / run.seconds, 1), "/s"),
            *percentiles(run.samples, 50),
        ]
        return Result("queries", figures, run, cpu | {"generator": run.cpu_s}, None, run.unexpected)

    async def backlog(self, lines: int, rate: float) -> Result:
        """A machine's week at once beside open-loop check-ins: what those who check in wait."""
        people = self.callers[: backlog.people_for(lines)]
        gateway = self.addresses.gateway
        await backlog.connect(gateway, self.mint, self.places[0].code, people)
        log = backlog.log_of(len(people), lines, backlog.today())
        seconds = lines / _LINES_A_SECOND
        calls = self.movements.next(round(rate * seconds * _ROOM) + 50)
        plan = Plan(gateway, "open", seconds, calls, rate=rate)
        before = meters.cpu_seconds(self.system.pids())
        run, carried = await asyncio.gather(
            self.generate("backlog", plan), backlog.carry(gateway, self.books, log)
        )
        self.movements.give_back(len(plan.calls) - len(run.samples))
        _, left = await meters.drained(self.books, self.addresses.rabbitmq, 0, _DRAIN_PATIENCE_S)
        cpu = meters.used(before, meters.cpu_seconds(self.system.pids()))
        self.accepted += run.accepted
        self.uncertain += run.uncertain
        figures = [
            Figure("lines uploaded", round(lines / carried.uploaded_s, 1), "/s"),
            Figure("all of them count after", round(carried.counted_s, 1), "s"),
            Figure("answered 201", round(run.count(201) / run.seconds, 1), "/s"),
            *percentiles(run.samples, 100),
            Figure("201 / 202 / 503 / other", run.count(201), _statuses(run)),
        ]
        failures = [*run.unexpected, *carried.failures, *(f"not settled: {one}" for one in left)]
        return Result("backlog", figures, run, cpu | {"generator": run.cpu_s}, None, failures)

    def audit(self) -> list[str]:
        """Every difference between what was answered and what is there."""
        quiet(self.books)
        return differences(self.books, self.accepted, self.uncertain)

    async def _check_ins(self, name: str, plan: Plan) -> tuple[Result, float]:
        recorded = self.books.logged_types()[CheckInRecorded.type]
        before = meters.cpu_seconds(self.system.pids())
        async with self._lag() as lag:
            run = await self.generate(name, plan)
        self.movements.give_back(len(plan.calls) - len(run.samples))
        drain_s, left = await meters.drained(
            self.books, self.addresses.rabbitmq, recorded + len(run.accepted), _DRAIN_PATIENCE_S
        )
        cpu = meters.used(before, meters.cpu_seconds(self.system.pids()))
        self.accepted += run.accepted
        self.uncertain += run.uncertain
        figures = [
            Figure("201 / 202 / 503 / other", run.count(201), _statuses(run)),
            Figure("generator at most late by", round(run.most_late_s * 1_000, 1), "ms"),
        ]
        failures = [*run.unexpected, *(f"not settled: {line}" for line in left)]
        cpu |= {"generator": run.cpu_s}
        return Result(name, figures, run, cpu, lag[0] if lag else None, failures), drain_s

    @contextlib.asynccontextmanager
    async def _lag(self) -> AsyncIterator[list[meters.Lag]]:
        found: list[meters.Lag] = []
        end = asyncio.Event()
        watching = asyncio.create_task(meters.watch_lag(self.addresses.rabbitmq, end))
        try:
            yield found
        finally:
            end.set()
            found.append(await watching)

    async def generate(self, name: str, plan: Plan) -> Run:
        """Have a process of its own make the calls of a plan."""
        file = name.partition(",")[0]
        asked, told = self._raw / f"{file}.plan.json", self._raw / f"{file}.run.json"
        plan.write(asked)
        command = (sys.executable, "-m", "tests.bench.generator", str(asked), str(told))
        process = await asyncio.create_subprocess_exec(
            *command, cwd=CHECKOUT, stdin=subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(plan.seconds + _GENERATOR_PATIENCE_S):
                code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            asked.unlink()  # it holds tokens
        if code != 0:
            raise SystemExit(f"the generator of {name} failed")
        return Run.read(told)

    def _questions(self, how_many: int) -> tuple[Call, ...]:
        """A third each: the own day (of somebody who has one), an office's presence, the feed."""
        days = list(
            self.books.collection("attendance", "days").find({}, {"employee": 1, "date": 1})
        )
        known = {caller.employee: caller for caller in self.callers}
        tokens = self.mint.tokens_for([known[day["employee"]] for day in days])
        subscriber = self.mint.token_for(OTHER_GOVERNMENT)
        kinds: list[Callable[[int], Call]] = [
            lambda n: Call(tokens[n], f"/v1/employees/me/days/{days[n]['date']}"),
            lambda n: Call(tokens[n], f"/v1/presence?office={self._place(n)}"),
            lambda _: Call(subscriber, "/v1/events?limit=50"),
        ]
        return tuple(kinds[n % 3](n * 7 % len(days)) for n in range(how_many))

    def _place(self, number: int) -> str:
        return self.places[number % len(self.places)].code


def percentiles(
    samples: Sequence[tuple[float, float, int]], p99_ms: float | None = None
) -> list[Figure]:
    """Latencies of calls, from the moment they were due."""
    waits = sorted((done - due) * 1_000 for due, done, _ in samples)
    cuts = statistics.quantiles(waits, n=1_000, method="inclusive")
    return [
        Figure("p50", round(cuts[499], 1), "ms"),
        Figure("p95", round(cuts[949], 1), "ms"),
        Figure("p99", round(cuts[989], 1), "ms", "<=", p99_ms),
        Figure("longest", round(waits[-1], 1), "ms"),
    ]


def _refused(run: Run) -> int:
    """What the system could not take: everything but a verdict and a receipt."""
    return len(run.samples) - run.count(201, 202)


def _statuses(run: Run) -> str:
    expected = run.count(201), run.count(202), run.count(503)
    return f"/ {expected[1]} / {expected[2]} / {len(run.samples) - sum(expected)}"


def as_plain(result: Result) -> dict[str, Any]:
    """The result as the JSON report holds it."""
    return {
        "scenario": result.name,
        "seconds": round(result.run.seconds, 2),
        "figures": [
            {"name": f.name, "value": f.value, "unit": f.unit, "target": f.target, "met": f.met}
            for f in result.figures
        ],
        "cpu_seconds": result.cpu_s,
        "lag": None if result.lag is None else result.lag.messages,
        "failures": result.failures,
    }
