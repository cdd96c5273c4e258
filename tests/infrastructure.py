"""The broker and the database of a test run: given, in containers, or embedded, in this order.

They are started once per run, by a holder process of their own that the workers of the run share;
it ends with the run, also when the run is killed. Every worker has a virtual host and a prefix for
its databases, so that nothing of one test is seen by another worker's.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient

from deploy.local import infrastructure, rabbitmq
from deploy.local.identity import end, identify, record, recorded
from deploy.local.programs import tail
from deploy.local.settings import CHECKOUT
from tests import containers

_START_PATIENCE_S = 240.0
_STOP_PATIENCE_S = 60.0
_HOLDER = "holder.stat"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Servers that a run may use, with credentials."""

    rabbitmq_url: str
    management_url: str
    mongodb_url: str
    mongodb_durability: str


@dataclass(frozen=True, slots=True)
class Servers:
    """What one worker of a run works on."""

    rabbitmq_url: str
    management_url: str
    mongodb_url: str
    mongodb_durability: str
    database_prefix: str
    vhost: str
    public_vhost: str = rabbitmq.PUBLIC_VHOST

    def database(self, service: str) -> str:
        """The name of a service's database for this worker."""
        return f"{self.database_prefix}{service}"

    def environment(self, service: str) -> dict[str, str]:
        """What a process of this service would be told."""
        return {
            "SAMBATAN_RABBITMQ_URL": self.rabbitmq_url,
            "SAMBATAN_RABBITMQ_MANAGEMENT_URL": self.management_url,
            "SAMBATAN_MONGODB_URL": self.mongodb_url,
            "SAMBATAN_MONGODB_DURABILITY": self.mongodb_durability,
            f"SAMBATAN_{service.upper()}_MONGODB_DATABASE": self.database(service),
        }


def run_directory(run: str) -> Path:
    """Where a run keeps what its workers share."""
    name = hashlib.sha256(f"{CHECKOUT}\0{run}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"sambatan-tests-{os.getuid()}-{name}"


def acquire(directory: Path, for_pid: int) -> Addresses:
    """The run's servers; the first worker that asks has them started."""
    given = _given()
    if given is not None:
        return given
    directory.mkdir(mode=0o711, exist_ok=True)
    with _locked(directory / "lock"):
        found = _read(directory)
        if found is None:
            _start_holder(directory, for_pid)
            found = _read(directory)
    assert found is not None
    return found


def release(directory: Path) -> None:
    """End the run's servers; called by whoever began the run, after its last worker."""
    holder = recorded(directory / _HOLDER)
    if holder is not None and holder.alive:
        end([holder], _STOP_PATIENCE_S)
    for left in ("lock", "holder.log", _HOLDER, infrastructure.ADDRESSES):
        (directory / left).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        directory.rmdir()


@contextlib.contextmanager
def worker_servers(addresses: Addresses, run: str, worker: str) -> Iterator[Servers]:
    """A virtual host and a database prefix of one worker; both are emptied at the end."""
    tag = f"{hashlib.sha256(run.encode()).hexdigest()[:8]}_{worker}"
    vhost, prefix = f"test_{tag}", f"test_{tag}_"
    rabbitmq.add_vhost(addresses.management_url, vhost)
    rabbitmq.add_vhost(addresses.management_url, rabbitmq.PUBLIC_VHOST)
    yield Servers(
        rabbitmq_url=f"{addresses.rabbitmq_url.rpartition('/')[0]}/{vhost}",
        management_url=addresses.management_url,
        mongodb_url=addresses.mongodb_url,
        mongodb_durability=addresses.mongodb_durability,
        database_prefix=prefix,
        vhost=vhost,
    )
    with contextlib.suppress(OSError):
        rabbitmq.delete_vhost(addresses.management_url, vhost)
    _drop_databases(addresses.mongodb_url, prefix)


def _given() -> Addresses | None:
    broker = os.environ.get("SAMBATAN_RABBITMQ_URL")
    database = os.environ.get("SAMBATAN_MONGODB_URL")
    management = os.environ.get("SAMBATAN_RABBITMQ_MANAGEMENT_URL")
    if not (broker and database):
        return None
    if not management:
        raise RuntimeError("SAMBATAN_RABBITMQ_MANAGEMENT_URL is needed beside the two given URLs")
    durability = os.environ.get("SAMBATAN_MONGODB_DURABILITY", "journal")
    return Addresses(broker, management, database, durability)


def _read(directory: Path) -> Addresses | None:
    holder = recorded(directory / _HOLDER)
    if holder is None or not holder.alive:
        return None
    try:
        return Addresses(**json.loads((directory / infrastructure.ADDRESSES).read_text()))
    except (OSError, ValueError):
        return None


def _start_holder(directory: Path, for_pid: int) -> None:
    log = directory / "holder.log"
    (directory / infrastructure.ADDRESSES).unlink(missing_ok=True)
    with log.open("wb") as output:
        holder = subprocess.Popen(
            (sys.executable, "-m", "tests.infrastructure", str(directory), str(for_pid)),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    record(directory / _HOLDER, holder.pid)
    deadline = time.monotonic() + _START_PATIENCE_S
    while _read(directory) is None:
        if holder.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the servers of the tests do not start:\n{tail(log, 30)}")
        time.sleep(0.05)
    holder.returncode = 0  # it outlives this worker; nobody here waits for it


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _drop_databases(url: str, prefix: str) -> None:
    with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=5_000) as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)


def main() -> int:
    """Hold the servers of one run."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("for_pid", type=int)
    chosen = parser.parse_args()
    assert identify(chosen.for_pid) is not None
    if containers.usable():
        return containers.keep(chosen.directory, chosen.for_pid)
    return infrastructure.keep(
        chosen.directory / "servers", chosen.for_pid, chosen.directory / infrastructure.ADDRESSES
    )


if __name__ == "__main__":
    sys.exit(main())
