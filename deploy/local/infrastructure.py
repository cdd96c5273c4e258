"""Broker and database alone, without a supervisor: what tests need, started in a few seconds.

``python -m deploy.local infrastructure --home DIRECTORY --for-pid PID`` keeps them running until
that process is gone or this one is asked to stop, and then forgets them.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from deploy.local import database, ports, rabbitmq
from deploy.local.home import Home, write_private
from deploy.local.identity import identify, recorded
from deploy.local.programs import Program, tail
from deploy.local.progress import Failed

PORTS = (*rabbitmq.PORTS, *database.PORTS)
ADDRESSES = "infrastructure.json"
_READY_PATIENCE_S = 120.0
_BROKER_MEMORY = "4GiB"
"""Tests keep dozens of virtual hosts side by side, with every queue in each of them."""


class Infrastructure:
    """A private broker and a private database, children of this process."""

    def __init__(self, path: Path) -> None:
        self._home = Home(path.resolve())
        self._children: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self._home.prepare()
        chosen = ports.choose(PORTS, {})
        self.broker = rabbitmq.Broker(self._home, chosen, memory=_BROKER_MEMORY)
        self.database = database.Database(self._home, chosen)

    def start(self) -> None:
        """Return when both serve; nothing is left running where one does not."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both at once (node before port mapper) and forget their data."""
        for _, child in reversed(self._children):
            child.kill()
            child.wait()
        self._children.clear()
        self.broker.forget()
        self._home.forget()

    def addresses(self) -> dict[str, str]:
        """Where the servers listen, with credentials."""
        return {
            "rabbitmq_url": self.broker.url,
            "management_url": self.broker.management,
            "mongodb_url": self.database.url,
            "mongodb_durability": "last",
        }

    def kill(self, name: str) -> None:
        """End a server as a power cut would; ``restart`` brings it back."""
        program, child = self._child(name)
        if found := recorded(program.record):
            found.send(signal.SIGKILL)
        child.wait()

    def restart(self, name: str) -> None:
        """Start a killed server again and return when it serves."""
        program, child = self._child(name)
        self._children.remove((program, child))
        self._spawn(program)
        ready = self.broker.ready if name == "rabbitmq" else self.database.ready
        self._await(ready, program)

    def _start(self) -> None:
        self.broker.prepare()
        self._spawn(self.broker.epmd)
        self._spawn(self.broker.node)
        self.database.prepare()
        self._spawn(self.database.program)
        self._await(self.database.ready, self.database.program)
        self._await(self.broker.ready, self.broker.node)
        self.broker.add_vhost(rabbitmq.PUBLIC_VHOST)

    def _spawn(self, program: Program) -> None:
        self._children.append((program, program.spawn(self._log(program))))

    def _child(self, name: str) -> tuple[Program, subprocess.Popen[bytes]]:
        return next(pair for pair in self._children if pair[0].name == name)

    def _log(self, program: Program) -> Path:
        return self._home.logs / f"{program.name}.log"

    def _await(self, ready: Callable[[], bool], program: Program) -> None:
        deadline = time.monotonic() + _READY_PATIENCE_S
        _, child = self._child(program.name)
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{program.name} does not start:\n{tail(self._log(program))}")
            time.sleep(0.1)


def keep(path: Path, for_pid: int, addresses: Path | None = None) -> int:
    """Run the servers until that process is gone or we are asked to stop."""
    signal.signal(signal.SIGTERM, _leave)
    servers = Infrastructure(path)
    servers.start()
    try:
        write_private(addresses or path / ADDRESSES, json.dumps(servers.addresses()))
        stay(for_pid)
    finally:
        servers.stop()
    return 0


def stay(for_pid: int) -> None:
    """Return when that process is gone or we are asked to stop."""
    owner = identify(for_pid)
    asked = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while owner is not None and owner.alive and not asked.wait(0.5):
        pass


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)
