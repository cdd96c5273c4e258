"""What every test may ask for: servers of the run's own."""

import os
from collections.abc import Iterator

import pytest

from tests import infrastructure
from tests.infrastructure import Servers

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_OWNER = os.getppid() if _WORKER else os.getpid()  # whoever began the run


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A virtual host and a database prefix on the run's broker and database."""
    addresses = infrastructure.acquire(infrastructure.run_directory(_run()), _OWNER)
    with infrastructure.worker_servers(addresses, _run(), _WORKER or "main") as found:
        yield found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever began the run ends its servers, after the last worker."""
    if _WORKER is None:
        infrastructure.release(infrastructure.run_directory(_run()))


def _run() -> str:
    return f"pid-{_OWNER}"
