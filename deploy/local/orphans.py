"""Processes of this home that lost their supervisor: after kill -9 of it, or a crash of ours.

They are found by what was recorded when they started (pid and start time), never by name: after a
restart of the machine a recorded number may belong to anybody.
"""

import signal
from pathlib import Path

from deploy.local.home import Home
from deploy.local.identity import Identity, children, end, recorded, wait_until_gone
from deploy.local.processes import GATEWAY
from deploy.local.progress import Failed, Progress
from deploy.local.settings import SERVICES

_PATIENCE_S = 30.0


def end_orphans(home: Home, progress: Progress) -> None:
    """End what is left of an earlier run, in order: callers first, the port mapper last."""
    for records in _groups(home):
        found = {name: process for name, record in records if (process := _alive(record))}
        for name, process in found.items():
            progress.say(f"ending {name} (pid {process.pid}), left over from an earlier run")
        if not end(found.values(), _PATIENCE_S):
            raise Failed(f"left over from an earlier run, and does not end: {', '.join(found)}")


def kill_everything(home: Home, supervisor: Identity) -> None:
    """End a supervisor and all it started at once: what will be forgotten need not be in order."""
    supervisor.send(signal.SIGSTOP)  # it starts nothing more
    recorded_ones = [_alive(record) for group in _groups(home) for _, record in group]
    doomed = {supervisor, *children(supervisor.pid), *filter(None, recorded_ones)}
    for process in doomed:
        process.send(signal.SIGKILL)
    if not wait_until_gone(doomed, _PATIENCE_S):
        raise Failed(f"processes of {home.path} do not end")


def broker_directory(home: Home) -> Path:
    """Where the broker of this home keeps its files."""
    return Path(home.remembered().get("broker_directory", home.path / "rabbitmq"))


def _groups(home: Home) -> tuple[tuple[tuple[str, Path], ...], ...]:
    directory = broker_directory(home)
    return (
        ((GATEWAY, home.record(GATEWAY)),),
        tuple((name, home.record(name)) for name in SERVICES),
        (("rabbitmq", directory / "rabbitmq.stat"), ("mongodb", home.record("mongodb"))),
        (("epmd", directory / "epmd.stat"),),
    )


def _alive(record: Path) -> Identity | None:
    process = recorded(record)
    return process if process is not None and process.alive else None
