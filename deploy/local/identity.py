"""Processes by pid and start time: a number that was given to another process is never ours."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_STATE, _PARENT, _START = 0, 1, 19  # fields 3, 4 and 22 of /proc/<pid>/stat, behind the name


@dataclass(frozen=True, slots=True)
class Identity:
    """One process, told apart from a later one with the same number."""

    pid: int
    started: int  # clock ticks since boot

    @property
    def alive(self) -> bool:
        """Whether exactly this process still runs."""
        fields = _stat(self.pid)
        return fields is not None and int(fields[_START]) == self.started and fields[_STATE] != "Z"

    def send(self, number: signal.Signals) -> None:
        """Signal this process, and no other that has taken its number."""
        if self.alive:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


def identify(pid: int) -> Identity | None:
    """The process that has this number now."""
    fields = _stat(pid)
    return None if fields is None else Identity(pid, int(fields[_START]))


def children(pid: int) -> list[Identity]:
    """The processes that this one has started itself."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    found = ((number, _stat(number)) for number in numbers)
    return [
        Identity(number, int(fields[_START]))
        for number, fields in found
        if fields is not None and int(fields[_PARENT]) == pid
    ]


def recorded(file: Path) -> Identity | None:
    """The process whose ``/proc/<pid>/stat`` line was written to the file when it started."""
    try:
        pid, _, rest = file.read_text().partition(" ")
        return Identity(int(pid), int(rest.rpartition(")")[2].split()[_START]))
    except (OSError, ValueError, IndexError):
        return None


def record(file: Path, pid: int) -> None:
    """Write the file that ``recorded`` reads."""
    file.write_text(Path(f"/proc/{pid}/stat").read_text())


def end(processes: Iterable[Identity], patience_s: float) -> bool:
    """Ask processes to stop, and end those that do not; whether all are gone."""
    asked = list(processes)
    for process in asked:
        process.send(signal.SIGTERM)
    if wait_until_gone(asked, patience_s):
        return True
    for process in asked:
        process.send(signal.SIGKILL)
    return wait_until_gone(asked, 5)


def wait_until_gone(processes: Iterable[Identity], patience_s: float) -> bool:
    """Whether all of them ended within the time."""
    deadline = time.monotonic() + patience_s
    waiting = list(processes)
    while waiting:
        waiting = [process for process in waiting if process.alive]
        if waiting and time.monotonic() > deadline:
            return False
        if waiting:
            time.sleep(0.05)
    return True


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()
