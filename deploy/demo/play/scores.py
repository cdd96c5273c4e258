"""Scores computed again by a program of its own, from exported facts alone."""

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deploy.demo.caller import Caller, NotDone

PROGRAM = Path(__file__).parents[1] / "recompute_scores.py"
_PATIENCE_S = 20.0


async def differences(caller: Caller, employees: Iterable[str], period: str) -> list[str]:
    """Where a scorecard and its recomputation do not agree to the fourth place."""
    found: list[str] = []
    for employee in employees:
        path = f"/v1/employees/{employee}/scorecard"
        card = await caller.get(path, period=period)
        facts = await caller.items("/v1/facts", employee=employee, period=period)
        again = await recompute({"employee": employee, "period": period, "facts": facts})
        found += [f"score of {employee} in {period}: {one}" for one in compare(card, again)]
    return found


async def recompute(exported: dict[str, Any]) -> dict[str, Any]:
    """What the separate program makes of exported facts; it sees nothing else."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={},
    )
    async with asyncio.timeout(_PATIENCE_S):
        out, err = await process.communicate(json.dumps(exported).encode())
    if process.returncode != 0:
        raise NotDone(f"{PROGRAM.name}: {err.decode()[-500:]}")
    result: dict[str, Any] = json.loads(out)
    return result


def compare(card: dict[str, Any], again: dict[str, Any]) -> list[str]:
    """The figures of a scorecard that the recomputation does not confirm."""
    found = [
        f"{name} is {card[name]}, from the facts {again[name]}"
        for name in ("score", "missing")
        if card[name] != again[name]
    ]
    shown = {line["indicator"]: line for line in card["lines"]}
    computed = {line["indicator"]: line for line in again["lines"]}
    if shown.keys() != computed.keys():
        return [*found, f"lines are {sorted(shown)}, from the facts {sorted(computed)}"]
    return found + [
        f"{indicator}.{name} is {shown[indicator][name]}, from the facts {figure}"
        for indicator, line in computed.items()
        for name, figure in line.items()
        if shown[indicator][name] != figure
    ]
