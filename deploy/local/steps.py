"""What must be done before the processes start: indexes, validators, exchanges, queues."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from deploy.local.home import Home
from deploy.local.processes import Processes
from deploy.local.programs import tail
from deploy.local.progress import Failed
from deploy.local.settings import CHECKOUT, SERVICES

_PATIENCE_S = 120
_SOURCES = ("contracts", "rules", "kit", "services", "gateway")


def prepare(processes: Processes) -> None:
    """Bring databases and broker to the shape the code expects, two programs at a time."""

    def migrate(service: str) -> None:
        arguments = (f"services.{service}", "migrate")
        run(processes.home, f"migrate-{service}", arguments, processes.of_service(service))

    def declare() -> None:
        arguments = ("kit.messaging.topology", "apply")
        run(processes.home, "topology", arguments, processes.of_gateway())

    with ThreadPoolExecutor(max_workers=2) as pool:
        under_way = [pool.submit(declare), *(pool.submit(migrate, name) for name in SERVICES)]
        for each in under_way:
            each.result()


def run(home: Home, name: str, arguments: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """Run one module to its end with its log among the others."""
    log = home.logs / f"{name}.log"
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                (sys.executable, "-m", *arguments),
                cwd=CHECKOUT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise Failed(f"{name} took more than {_PATIENCE_S} s:\n{tail(log)}") from expired
    if done.returncode != 0:
        raise Failed(
            f"{name} failed with exit code {done.returncode}:\n{tail(log, 25)}\nLog: {log}"
        )


def sources_digest() -> str:
    """Changes when a source file of the product does: then the processes are started anew."""
    digest = sha256()
    for package in _SOURCES:
        for path in sorted(CHECKOUT.joinpath(package).rglob("*.py")):
            digest.update(_fingerprint(path))
    return digest.hexdigest()


def _fingerprint(path: Path) -> bytes:
    found = path.stat()
    return f"{path.relative_to(CHECKOUT)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode()
