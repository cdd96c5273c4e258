"""``make faults``: kill and restart everything under load, then count that nothing is lost.

Check-ins go on all the time, from callers that repeat what is uncertain. Each process is ended by
force in turn, then the broker is restarted ten times in a row. Afterwards everything that was
answered must be there exactly once, in every reader. ``--quick`` leaves out the rarer faults;
``--home`` and ``--port`` name a system that stands, which gets a small form of it.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import city
from tests.bench.__main__ import city_of
from tests.bench.callers import Caller, Mint
from tests.bench.own_system import OwnSystem, StandingSystem
from tests.bench.plans import Movements
from tests.faults import afterwards
from tests.faults.clients import Account, Load
from tests.faults.injuries import BROKER, Injury, kill, restart_broker

_ALL = ("attendance", "kpi", "subscriptions", "directory", "tasks", "gateway", "mongodb", BROKER)
_QUICK = ("attendance", "gateway", "mongodb", BROKER)
_SMALL = ("attendance", BROKER)
_PEOPLE = 2_500
_FEW_PEOPLE = 150
_WARM_S = 3.0
_END_PATIENCE_S = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Injure a system of our own; 1 when anything was lost, doubled or left behind."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four kills and two restarts")
    parser.add_argument("--rate", type=float, default=60.0, help="check-ins a second")
    parser.add_argument("--home", type=Path, help="of a system that stands, without its own city")
    parser.add_argument("--port", type=int, default=0, help="of its gateway")
    chosen = parser.parse_args(arguments)
    if chosen.home:
        system = StandingSystem(chosen.home, chosen.port)
        return asyncio.run(_small(system, rate=chosen.rate))
    with OwnSystem("faults") as system:
        return asyncio.run(_whole(system, quick=chosen.quick, rate=chosen.rate))


async def _whole(system: OwnSystem, *, quick: bool, rate: float) -> int:
    people = await city_of(system, _PEOPLE)
    victims, restarts = (_QUICK, 2) if quick else (_ALL, 10)
    return await _run(system, people, victims, restarts, rate)


async def _small(system: StandingSystem, *, rate: float) -> int:
    """One service and the broker are killed: what a run of all tests has time for."""
    people = await city_of(system, _FEW_PEOPLE, rest_s=0)
    return await _run(system, people, _SMALL, 0, rate)


async def _run(
    system: StandingSystem,
    people: Sequence[Caller],
    victims: Sequence[str],
    restarts: int,
    rate: float,
) -> int:
    movements = Movements(people, city.places(), Mint(system.signing_key))
    load = Load(system.addresses.gateway, movements, rate)
    loading = asyncio.create_task(load.run())
    await asyncio.sleep(_WARM_S)
    injuries = [await _injure(system, name) for name in victims]
    if restarts:
        with system.progress.step("restarting the broker again and again"):
            injuries.append(await restart_broker(system, restarts))
    load.stop()
    wrong = await _end(loading, load.account)
    with system.progress.step("counting what is there"):
        wrong += await afterwards.account(system.addresses, load)
    _report(injuries, load.account, wrong)
    return 1 if wrong else 0


async def _injure(system: StandingSystem, name: str) -> Injury:
    with system.progress.step(f"kill -9 {name}"):
        return await kill(system, name)


async def _end(loading: "asyncio.Task[None]", account: Account) -> list[str]:
    """Every call must come to its end by itself, now that all is well."""
    done, _ = await asyncio.wait({loading}, timeout=_END_PATIENCE_S)
    if not done:
        loading.cancel()
        await asyncio.wait({loading})
        return [f"{account.open} calls do not come to an end"]
    loading.result()
    return []


def _report(injuries: Sequence[Injury], account: Account, wrong: Sequence[str]) -> None:
    """What callers saw during each fault, and what is wrong afterwards."""
    names = {201: "201", 202: "202", 503: "503", 0: "no answer"}
    heading = "".join(f"{name:>11}" for name in (*names.values(), "other", "longest gap", "ready"))
    print(f"\n{'fault':30}{heading}")
    for injury in injuries:
        counts = account.between(injury.began, injury.ended)
        cells = [str(counts.pop(status, 0)) for status in names]
        gap = account.longest_gap(injury.began, injury.ended)
        cells += [str(sum(counts.values())), f"{gap:.1f} s", f"{injury.ready_after_s:.1f} s"]
        print(f"{injury.name:30}" + "".join(f"{cell:>11}" for cell in cells))
    print(f"\n{len(account.done)} check-ins were accepted, {len(account.refused)} refused")
    for line in [*account.refused[:10], *wrong]:
        print(f"  FAILED: {line}")
    if not wrong:
        print("every one of them is there exactly once, in every reader; nothing is left behind")


if __name__ == "__main__":
    sys.exit(main())
