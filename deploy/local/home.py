"""The directory that holds everything of one system: secrets, ports, logs, data, records."""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from deploy.local.progress import Failed
from deploy.local.settings import SERVICES

_PRIVATE = 0o600
_LOCK_PATIENCE_S = 180
_DISK_BYTES = 256 * 1024**2


def _token() -> str:
    return secrets.token_urlsafe(24)


class Secrets(BaseModel):
    """What is generated once for a home and known to nobody else."""

    model_config = ConfigDict(frozen=True)

    instance: str = Field(default_factory=lambda: secrets.token_hex(6))
    rabbitmq: str = Field(default_factory=_token)
    erlang_cookie: str = Field(default_factory=lambda: secrets.token_hex(20))
    supervisor: str = Field(default_factory=_token)
    signing_key: str = Field(default_factory=lambda: secrets.token_urlsafe(48))
    mongodb_root: str = Field(default_factory=_token)
    mongodb: dict[str, str] = Field(
        default_factory=lambda: {service: _token() for service in SERVICES}
    )


class Home:
    """Paths and small files of one system; private to its owner."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.run = path / "run"
        self.database = path / "database"
        self.files = path / "files"
        self.endpoints = path / "endpoints.json"
        self._state = path / "state.json"
        self._secrets = path / "secrets.json"

    def exists(self) -> bool:
        """Whether a system was ever started here."""
        return self._secrets.exists()

    def prepare(self) -> None:
        """Make the directories; say what is wrong where they cannot be made or written."""
        if self.path.exists() and not self.exists() and _foreign(self.path):
            raise Failed(f"{self.path} holds other files; choose another SAMBATAN_HOME.")
        try:
            for directory in (self.path, self.logs, self.run, self.database, self.files):
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o700)
            self.path.chmod(0o711)  # the broker's own user passes through, and can list nothing
            write_private(self.run / "probe", "x" * 4096)
            free = shutil.disk_usage(self.path).free
        except OSError as error:
            raise Failed(
                f"{self.path} cannot be written ({error.strerror}). Free some space, or set "
                "SAMBATAN_HOME to a directory that is yours."
            ) from error
        if free < _DISK_BYTES:
            raise Failed(
                f"only {free // 1024**2} MiB are free where {self.path} lies; 256 are needed."
            )

    def secrets(self) -> Secrets:
        """The generated secrets, made at the first call."""
        if not self._secrets.exists():
            write_private(self._secrets, Secrets().model_dump_json(indent=2))
        return Secrets.model_validate_json(self._secrets.read_text())

    def remember(self, **facts: Any) -> None:
        """Keep facts of this system between commands."""
        write_private(self._state, json.dumps(self.remembered() | facts, indent=2))

    def remembered(self) -> dict[str, Any]:
        """The facts kept."""
        try:
            found: dict[str, Any] = json.loads(self._state.read_text())
        except (OSError, ValueError):
            return {}
        return found

    def record(self, name: str) -> Path:
        """Where the identity of a process stands."""
        return self.run / f"{name}.stat"

    def forget(self) -> None:
        """Remove everything that was made here."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.path.exists():
            raise Failed(f"{self.path} could not be removed entirely.")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One command at a time; a second one waits for the first."""
        handle = _take(self.path / "lock")
        try:
            yield
        finally:
            os.close(handle)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; readable by its owner only."""
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _PRIVATE)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    fresh.chmod(_PRIVATE)
    fresh.replace(path)


def write_endpoints(home: Home, endpoints: Mapping[str, Any]) -> None:
    """Tell where everything listens, with credentials."""
    write_private(home.endpoints, json.dumps(endpoints, indent=2) + "\n")


def _foreign(path: Path) -> bool:
    return any(
        entry.name not in {"lock", "logs", "run", "database", "files"} for entry in path.iterdir()
    )


def _take(path: Path) -> int:
    deadline = time.monotonic() + _LOCK_PATIENCE_S
    while time.monotonic() < deadline:
        handle = _open(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            time.sleep(0.2)
            continue
        if path.exists() and os.fstat(handle).st_ino == path.stat().st_ino:
            return handle
        os.close(handle)  # the home was forgotten meanwhile, and the lock with it
    raise Failed("another command works on this SAMBATAN_HOME.")


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE)
    except OSError as error:
        raise Failed(f"{path.parent} cannot be written ({error.strerror}).") from error
