"""``make bench``: measure a system of our own and say beside each figure what it should be.

The system is started for the measurement, on a home and a port of its own, and forgotten at the
end. Options: ``--quick`` (about a minute), ``--people``, ``--only`` (scenarios), ``--keep-open``.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.processes import NAMES
from deploy.local.settings import CHECKOUT
from tests.bench import city, help_work, ledger, long_work, meters, report
from tests.bench.books import Books
from tests.bench.callers import Caller, Mint
from tests.bench.own_system import OwnSystem, StandingSystem
from tests.bench.scenarios import Bench, Figure, Result

_SCENARIOS = (
    "rush",
    "saturation",
    "steady",
    "calm",
    "queries",
    "backlog",
    "recompute",
    "recap",
    "tasks",
    "kpi",
)
_AFTER_THE_ACCOUNT = ("kpi",)
"""What puts facts in that no caller was told of; it keeps its own account."""
_SETTLE_S = 180.0
_REST_S = 15.0
"""No city takes on thousands of people in a minute: services still read up on them for a while."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios; 1 when an answer or the account afterwards is wrong."""
    chosen = _parse(arguments)
    directory = CHECKOUT / "bench-results"
    raw = directory / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    machine = meters.machine()
    with OwnSystem("bench") as system:
        results, failures = asyncio.run(_measure(system, chosen, raw))
        memory = meters.resident_mib(system.pids())
        others = [
            Figure("memory of the largest of ours", _largest(memory), "MiB", "<=", 250),
            Figure("memory of the largest server", max(memory.values()), "MiB"),
            Figure("memory of everything", sum(memory.values()), "MiB", "<=", 1_536),
        ]
        if chosen.keep_open:
            _keep_open(system)
        if not chosen.quick:
            seconds = round(system.start_again(), 1)
            others.append(Figure("second start", seconds, "s", "<=", 15))
    report.print_machine(machine)
    for result in results:
        report.print_result(result)
    print(f"\nthe whole system\n  resident MiB: {memory}")
    report.print_figures(others)
    for line in failures:
        print(f"  FAILED: {line}")
    report.write(
        directory,
        machine=machine,
        results=results,
        others=others,
        memory=memory,
        failures=failures,
    )
    print(f"\n{directory}/bench.json, latency.png")
    return 1 if failures or any(result.failures for result in results) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, for a first look")
    parser.add_argument("--people", type=int, help="how many people the city has")
    parser.add_argument("--only", choices=_SCENARIOS, action="append", help="repeatable")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--keep-open", action="store_true", help="wait for Enter before the end")
    chosen = parser.parse_args(arguments)
    chosen.people = chosen.people or (1_500 if chosen.quick else 6_000)
    return chosen


async def _measure(
    system: OwnSystem, chosen: argparse.Namespace, raw: Path
) -> tuple[list[Result], list[str]]:
    say = system.progress.say
    people = await city_of(system, chosen.people)
    bench = Bench(system, people, city.places(), raw)
    short = 0.25 if chosen.quick else 1.0
    wanted = {
        "rush": lambda: bench.rush(short),
        "saturation": lambda: bench.saturation(20 * short, chosen.connections),
        "steady": lambda: bench.steady("steady, 150/s", 150, 60 * short, 60),
        "calm": lambda: bench.steady("calm, 50/s", 50, 20 * short, 100),
        "queries": lambda: bench.questions(200, 20 * short),
        "backlog": lambda: bench.backlog(round(20_000 * short), 50),
        "recompute": lambda: long_work.recompute(bench),
        "recap": lambda: long_work.recap(bench),
        "tasks": lambda: help_work.tasks(bench),
        "kpi": lambda: ledger.ledger(bench, short),
    }
    results = []
    names = chosen.only or _SCENARIOS
    for name in names:
        if name not in _AFTER_THE_ACCOUNT:
            with system.progress.step(name):
                results.append(await wanted[name]())
    say("counting what is there")
    failures = await asyncio.to_thread(bench.audit)
    for name in names:
        if name in _AFTER_THE_ACCOUNT:
            with system.progress.step(name):
                results.append(await wanted[name]())
    bench.books.close()
    return results, failures


async def city_of(system: StandingSystem, count: int, *, rest_s: float = _REST_S) -> list[Caller]:
    """The people, once every service has its copy of them."""
    mint, addresses = Mint(system.signing_key), system.addresses
    with system.progress.step(f"bringing in a city of {count} people"):
        await city.bring_in(addresses.gateway, mint, count, system.progress.say)
        books = Books(addresses.mongodb)
        began = time.monotonic()
        while not await asyncio.to_thread(_copied, books, count):
            if time.monotonic() - began > _SETTLE_S:
                raise SystemExit("the services do not get their copies of the people")
            await asyncio.sleep(0.5)
        _, left = await meters.drained(books, addresses.rabbitmq, 0, _SETTLE_S)
        books.close()
        if left:
            raise SystemExit(f"the city does not settle: {left}")
        await asyncio.sleep(rest_s)
    return city.people(count)


def _copied(books: Books, count: int) -> bool:
    copies = (("attendance", "people"), ("kpi", "people"), ("tasks", "employees"))
    return all(books.count(*copy) >= count for copy in copies)


def _largest(memory: Mapping[str, int]) -> int:
    return max(size for name, size in memory.items() if name in NAMES)


def _keep_open(system: OwnSystem) -> None:
    print(f"\n{system.pids()}\n{system.home}\nEnter ends everything")
    sys.stdin.readline()


if __name__ == "__main__":
    sys.exit(main())
