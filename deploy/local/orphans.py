"""Processes of this home that lost their supervisor: after kill -9 of it, or a crash of ours.

They are found by what was recorded when they started (pid and start time), never by name: after a
restart of the machine a recorded number may belong to anybody.
"""

from collections.abc import Iterator
from pathlib import Path

from deploy.local.home import Home
from deploy.local.identity import Identity, end, recorded
from deploy.local.processes import GATEWAY
from deploy.local.progress import Progress
from deploy.local.settings import SERVICES

_NODE_PATIENCE_S = 30.0
_PATIENCE_S = 10.0


def end_orphans(home: Home, progress: Progress) -> None:
    """End what is left of an earlier run, in order: callers first, the port mapper last."""
    for name, process in left_over(home):
        progress.say(f"ending {name} (pid {process.pid}), left over from an earlier run")
        patience = _NODE_PATIENCE_S if name in {"rabbitmq", "mongodb"} else _PATIENCE_S
        if not end(process, patience):
            progress.say(f"{name} (pid {process.pid}) does not end")


def left_over(home: Home) -> Iterator[tuple[str, Identity]]:
    """Recorded processes that still run."""
    for name, record in _records(home):
        process = recorded(record)
        if process is not None and process.alive:
            yield name, process


def broker_directory(home: Home) -> Path:
    """Where the broker of this home keeps its files."""
    return Path(home.remembered().get("broker_directory", home.path / "rabbitmq"))


def _records(home: Home) -> Iterator[tuple[str, Path]]:
    for name in (GATEWAY, *SERVICES):
        yield name, home.record(name)
    directory = broker_directory(home)
    yield "rabbitmq", directory / "rabbitmq.stat"
    yield "mongodb", home.record("mongodb")
    yield "epmd", directory / "epmd.stat"
