"""The report: a table for people, JSON for comparisons, a picture of the latencies."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from tests.bench.scenarios import Figure, Result, as_plain

mpl.use("Agg")

_WIDTH = 34


def print_machine(machine: dict[str, Any]) -> None:
    """What was measured on."""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    load = " ".join(str(one) for one in machine["load_average_before"])
    print(f"\n{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB")
    print(f"{machine['system']}, Python {machine['python']}")
    print(f"{packages}\nload average before: {load}")


def print_result(result: Result) -> None:
    """One scenario."""
    print(f"\n{result.name} ({result.run.seconds:.1f} s)")
    print_figures(result.figures)
    if result.cpu_s:
        done = max(1, result.run.count(200, 201, 202))
        for name, seconds in sorted(result.cpu_s.items(), key=lambda item: -item[1]):
            each = round(seconds / done * 1_000_000)
            print(f"  {'cpu ' + name:{_WIDTH}} {seconds:>10} s   {each:>6} µs a call")
    for line in result.failures:
        print(f"  FAILED: {line}")


def print_figures(figures: Sequence[Figure]) -> None:
    """Measured beside wanted."""
    for figure in figures:
        wanted = ""
        if figure.target is not None:
            verdict = "met" if figure.met else "MISSED"
            wanted = f"   target {figure.better} {figure.target:g}: {verdict}"
        print(f"  {figure.name:{_WIDTH}} {figure.value:>10} {figure.unit}{wanted}")


def write(
    directory: Path,
    *,
    machine: dict[str, Any],
    results: Sequence[Result],
    others: Sequence[Figure],
    memory: dict[str, int],
    failures: Sequence[str],
) -> None:
    """``bench.json`` and ``latency.png``."""
    told = {
        "machine": machine,
        "scenarios": [as_plain(result) for result in results],
        "figures": [{"name": f.name, "value": f.value, "target": f.target} for f in others],
        "resident_mib": memory,
        "failures": list(failures),
    }
    (directory / "bench.json").write_text(json.dumps(told, indent=2) + "\n")
    _draw(directory / "latency.png", results)


def _draw(path: Path, results: Sequence[Result]) -> None:
    """Latency by share of calls: the right end is what the unlucky ones wait."""
    figure, axes = plt.subplots(figsize=(9, 5))
    for result in results:
        waits = np.sort([(done - due) * 1_000 for due, done, _ in result.run.samples])
        if not len(waits):
            continue
        rest = 1 - np.arange(len(waits)) / len(waits)
        axes.plot(rest, waits, label=result.name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.invert_xaxis()
    shares = (0.5, 0.1, 0.05, 0.01, 0.001)
    axes.set_xticks(shares, [f"p{(1 - share) * 100:g}" for share in shares])
    axes.minorticks_off()
    axes.set_xlabel("share of calls answered within")
    axes.set_ylabel("milliseconds from the moment the call was due")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
