"""Whole systems, started as `make up` does, each with a home and a port of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local import ports
from deploy.local.settings import CHECKOUT, DEMO_PASSWORD

_VERB_PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """A system under test: one that was started here, or one that was given by its address."""

    gateway: str
    password: str
    home: Path | None = None
    port: int = 0

    def run(self, *verb: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a verb of ``python -m deploy.local`` on it."""
        assert self.home is not None
        own = {"SAMBATAN_HOME": str(self.home), "SAMBATAN_PORT": str(self.port)}
        return subprocess.run(
            (sys.executable, "-m", "deploy.local", *verb),
            cwd=CHECKOUT,
            env=_quiet_environment() | own | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_VERB_PATIENCE_S,
            check=False,
        )

    def endpoints(self) -> dict[str, Any]:
        """What the system says of itself."""
        assert self.home is not None
        found: dict[str, Any] = json.loads((self.home / "endpoints.json").read_text())
        return found

    def pids(self) -> dict[str, int]:
        """The numbers of its processes."""
        return {each["name"]: each["pid"] for each in self.endpoints()["processes"]}


StartSystem = Callable[..., RunningSystem]


@pytest.fixture(scope="session")
def start_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartSystem]:
    """Start a system with a home of its own; all of them are forgotten at the end."""
    started: list[RunningSystem] = []

    def start(*arguments: str) -> RunningSystem:
        home = tmp_path_factory.mktemp("system") / "home"
        port = ports.choose(["gateway"], {})["gateway"]
        system = RunningSystem(f"http://127.0.0.1:{port}", DEMO_PASSWORD, home, port)
        started.append(system)
        done = system.run("up", *arguments)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return system

    yield start
    for system in started:
        system.run("reset")


@pytest.fixture(scope="session")
def system(start_system: StartSystem) -> RunningSystem:
    """A system with the demo city: the given one (``SAMBATAN_TEST_GATEWAY``), or one of our own."""
    given = os.environ.get("SAMBATAN_TEST_GATEWAY")
    if given:
        return RunningSystem(given.rstrip("/"), os.environ["SAMBATAN_DEMO_PASSWORD"])
    return start_system()


def _quiet_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SAMBATAN_")}
