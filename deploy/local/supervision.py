"""The supervisor: its configuration, its start, and the conversation with it.

``supervisord`` starts the processes, restarts them with a growing delay, collects and rotates their
logs, and stops them in the reverse of the order in which they are listed here.
"""

import configparser
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local import ports
from deploy.local.home import Home, write_private
from deploy.local.identity import Identity, identify, record, recorded, wait_until_gone
from deploy.local.programs import Program, bare_environment, tail
from deploy.local.progress import Failed
from deploy.local.settings import CHECKOUT

PORTS = ("supervisor",)
NAME = "supervisor"
_USER = "sambatan"
_START_PATIENCE_S = 15.0
_LOG_BYTES = "10MB"


@dataclass(frozen=True, slots=True)
class Group:
    """Programs that start and stop together."""

    name: str
    programs: tuple[Program, ...]
    starts_itself: bool  # with the supervisor; others are started when the servers are ready


@dataclass(frozen=True, slots=True)
class Seen:
    """What the supervisor says of a process."""

    name: str
    state: str
    pid: int
    description: str


class Supervisor:
    """The supervisor of one home."""

    def __init__(self, home: Home, port: int) -> None:
        self._home = home
        self._port = port
        self.configuration = home.path / "supervisord.conf"
        self.log = home.logs / "supervisor.log"

    def process(self) -> Identity | None:
        """The running supervisor, if it runs."""
        found = recorded(self._home.record(NAME))
        return found if found is not None and found.alive else None

    def write(self, groups: Sequence[Group]) -> str:
        """Write the configuration and return its text."""
        parser = configparser.RawConfigParser()
        parser.read_dict(self._own_sections())
        for order, group in enumerate(groups, start=1):
            names = ",".join(program.name for program in group.programs)
            parser[f"group:{group.name}"] = {"programs": names, "priority": str(order * 10)}
            for program in group.programs:
                parser[f"program:{program.name}"] = self._section(program, group)
        with (fresh := self._home.run / "supervisord.conf").open("w") as file:
            parser.write(file)
        text = fresh.read_text()
        fresh.unlink()
        write_private(self.configuration, text)
        return text

    def start(self) -> None:
        """Start it; it starts the servers at once."""
        started = subprocess.run(
            (sys.executable, "-m", "supervisor.supervisord", "-c", str(self.configuration)),
            cwd=CHECKOUT,
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        deadline = time.monotonic() + _START_PATIENCE_S
        while started.returncode == 0 and time.monotonic() < deadline:
            if ports.answers(self._port) and self._note_pid():
                return
            time.sleep(0.05)
        words = (started.stderr or started.stdout).strip()
        raise Failed(f"the supervisor does not start: {words}\n{tail(self.log)}")

    def seen(self) -> dict[str, Seen]:
        """The state of every process."""
        found: Any = self._ask("getAllProcessInfo")
        return {
            each["name"]: Seen(each["name"], each["statename"], each["pid"], each["description"])
            for each in found
        }

    def start_group(self, name: str) -> None:
        """Start the programs of a group that do not run, without waiting for them."""
        self._ask("startProcessGroup", name, False)

    def stop_group(self, name: str) -> None:
        """Stop the programs of a group and return when they are gone."""
        self._ask("stopProcessGroup", name, True)

    def ask_to_stop(self) -> None:
        """Let it stop all of it, in order."""
        self._ask("shutdown")

    def wait_stopped(self, patience_s: float) -> None:
        """Return when the supervisor is gone."""
        process = self.process()
        if process is not None and not wait_until_gone([process], patience_s):
            raise Failed(f"the supervisor does not stop:\n{tail(self.log)}")

    def _ask(self, method: str, *arguments: Any) -> Any:
        password = self._home.secrets().supervisor
        address = f"http://{_USER}:{password}@127.0.0.1:{self._port}/RPC2"
        try:
            with xmlrpc.client.ServerProxy(address) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, xmlrpc.client.Error) as error:
            raise Failed(f"the supervisor does not answer {method}: {error}") from error

    def _note_pid(self) -> bool:
        try:
            pid = int((self._home.run / "supervisord.pid").read_text())
        except (OSError, ValueError):
            return False
        if identify(pid) is None:
            return False
        record(self._home.record(NAME), pid)
        return True

    def _own_sections(self) -> dict[str, dict[str, str]]:
        return {
            "supervisord": {
                "logfile": _quoted(self.log),
                "logfile_maxbytes": _LOG_BYTES,
                "logfile_backups": "2",
                "pidfile": _quoted(self._home.run / "supervisord.pid"),
                "childlogdir": _quoted(self._home.logs),
                "directory": _quoted(CHECKOUT),
                "umask": "077",
            },
            "inet_http_server": {
                "port": f"127.0.0.1:{self._port}",
                "username": _USER,
                "password": self._home.secrets().supervisor,
            },
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": (
                    "supervisor.rpcinterface:make_main_rpcinterface"
                ),
            },
        }

    def _section(self, program: Program, group: Group) -> dict[str, str]:
        environment = ",".join(
            f"{name}={_value(value)}" for name, value in sorted(program.environment.items())
        )
        section = {
            "command": _quoted(shlex.join(program.launch)),
            "directory": _quoted(program.directory),
            "environment": environment,
            "autostart": str(group.starts_itself).lower(),
            "autorestart": "true",
            "startsecs": "2",
            "startretries": "60",
            "stopwaitsecs": str(program.patience_s),
            "redirect_stderr": "true",
            "stdout_logfile": _quoted(self._home.logs / f"{program.name}.log"),
            "stdout_logfile_maxbytes": _LOG_BYTES,
            "stdout_logfile_backups": "3",
        }
        return section | ({"user": program.user} if program.user else {})


def _quoted(value: Path | str) -> str:
    return str(value).replace("%", "%%")


def _value(text: str) -> str:
    if any(sign in text for sign in ('"', "\\", "\n", " ;", " #")):
        raise Failed(f"an environment variable of a process cannot hold {text!r}")
    return f'"{_quoted(text)}"'
