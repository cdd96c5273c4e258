"""Waiting until everything serves, and saying early and clearly when something never will."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable

from deploy.local.home import Home
from deploy.local.processes import Processes
from deploy.local.programs import tail
from deploy.local.progress import Failed, Progress
from deploy.local.supervision import Seen, Supervisor

SERVER_PATIENCE_S = 120.0
PROCESS_PATIENCE_S = 180.0
_RESTARTS_ALLOWED = 2
_POLL_S = 0.1


class Watch:
    """Follows processes while they start; gives up on one that keeps dying."""

    def __init__(self, home: Home, supervisor: Supervisor, progress: Progress) -> None:
        self._home = home
        self._supervisor = supervisor
        self._progress = progress
        self._pids: dict[str, set[int]] = {}

    def servers(self, processes: Processes) -> None:
        """Return when the embedded servers answer."""
        waiting: dict[str, Callable[[], bool]] = {}
        if processes.database is not None:
            waiting["mongodb"] = processes.database.ready
        if processes.broker is not None:
            waiting["rabbitmq"] = processes.broker.ready
        self._until(waiting, SERVER_PATIENCE_S)

    def processes(self, processes: Processes, names: Iterable[str]) -> None:
        """Return when every process says that it is ready."""
        self._until({name: _asks(processes.health(name)) for name in names}, PROCESS_PATIENCE_S)

    def _until(self, waiting: dict[str, Callable[[], bool]], patience_s: float) -> None:
        deadline = time.monotonic() + patience_s
        while waiting:
            for name in [name for name, ready in waiting.items() if ready()]:
                del waiting[name]
                self._progress.say(f"  {name} is ready")
            if waiting:
                self._check(waiting)
                self._check_time(waiting, deadline)
                time.sleep(_POLL_S)

    def _check(self, waiting: Iterable[str]) -> None:
        seen = self._supervisor.seen()
        for name in waiting:
            process = seen[name]
            self._pids.setdefault(name, set()).add(process.pid)
            restarts = len(self._pids[name] - {0}) - 1
            if process.state == "FATAL" or restarts > _RESTARTS_ALLOWED:
                raise Failed(self._died(process))

    def _check_time(self, waiting: Iterable[str], deadline: float) -> None:
        if time.monotonic() > deadline:
            name = next(iter(waiting))
            raise Failed(f"{name} does not become ready:\n{self._tail(name)}")

    def _died(self, process: Seen) -> str:
        return f"{process.name} keeps ending ({process.description}):\n{self._tail(process.name)}"

    def _tail(self, name: str) -> str:
        log = self._home.logs / f"{name}.log"
        return f"{tail(log, 25)}\nLog: {log}"


def says_ready(url: str) -> bool:
    """Whether a health address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310  # our own address
            return int(answer.status) == 200
    except (OSError, ValueError):
        return False


def _asks(url: str) -> Callable[[], bool]:
    return lambda: says_ready(url)
