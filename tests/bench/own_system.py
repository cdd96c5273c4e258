"""A whole system of our own: a home and a port that nobody else has, forgotten at the end.

Whatever the caller's environment or ``.env`` says of brokers and databases is not looked at: load
and kills go to nothing that was not started here.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from deploy.local import ports
from deploy.local.progress import Progress
from deploy.local.settings import CHECKOUT, LocalSettings
from deploy.local.system import System

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_VERB_PATIENCE_S = 240.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of a system listen, with credentials."""

    gateway: str
    rabbitmq: str
    management: str
    mongodb: str

    def __post_init__(self) -> None:
        for url in (self.gateway, self.rabbitmq, self.management, self.mongodb):
            refuse_others(url)


def refuse_others(url: str) -> None:
    """Load goes to this machine only."""
    if urlsplit(url).hostname not in _LOOPBACK:
        raise SystemExit("load is sent to the loopback address only")


class StandingSystem:
    """A system that was started on this machine, known by its home."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        settings = LocalSettings(
            home=home, port=port, rabbitmq_url=None, rabbitmq_management_url=None, mongodb_url=None
        )
        self.progress = Progress()
        self._system = System(settings, self.progress)

    @property
    def addresses(self) -> Addresses:
        """Where everything listens."""
        found = self._endpoints()
        return Addresses(
            gateway=found["gateway"],
            rabbitmq=found["rabbitmq"]["url"],
            management=found["rabbitmq"]["management"],
            mongodb=found["mongodb"],
        )

    @property
    def signing_key(self) -> str:
        """What the gateway signs access tokens with."""
        return str(json.loads((self.home / "secrets.json").read_text())["signing_key"])

    def pids(self) -> dict[str, int]:
        """The numbers of the processes as they are now, by name."""
        return {each.name: each.pid for each in self._system.status()}

    def unready(self) -> list[str]:
        """What does not say that it is ready."""
        found = self._system.status()
        return [f"{each.name} ({each.state})" for each in found if not each.ready]

    def _endpoints(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "endpoints.json").read_text())
        return found


class OwnSystem(StandingSystem):
    """Starts a system of its own and takes it away again."""

    def __init__(self, purpose: str) -> None:
        for name in [name for name in os.environ if name.startswith("SAMBATAN_")]:
            del os.environ[name]
        home = Path(tempfile.mkdtemp(prefix=f"sambatan-{purpose}-"))
        super().__init__(home, ports.choose(["gateway"], {})["gateway"])

    def __enter__(self) -> Self:
        signal.signal(signal.SIGTERM, _interrupted)
        try:
            self._system.up()
        except BaseException:
            self._forget()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._forget()

    def _forget(self) -> None:
        self._system.reset()
        shutil.rmtree(self.home, ignore_errors=True)

    def log_of(self, name: str) -> Path:
        """Where a process writes."""
        return self.home / "logs" / f"{name}.log"

    def start_again(self) -> float:
        """Stop everything and start it as a person would; the seconds until it is ready."""
        self._verb("down")
        began = time.monotonic()
        self._verb("up", "--without-city")
        return time.monotonic() - began

    def _verb(self, *verb: str) -> None:
        own = {"SAMBATAN_HOME": str(self.home), "SAMBATAN_PORT": str(self.port)}
        done = subprocess.run(
            (sys.executable, "-m", "deploy.local", *verb),
            cwd=CHECKOUT,
            env=dict(os.environ) | own,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_VERB_PATIENCE_S,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(verb)} failed:\n{done.stdout}{done.stderr}")


def _interrupted(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
