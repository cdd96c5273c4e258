"""What every test may ask for: servers of the run's own."""

import os
from collections.abc import Iterator

import pytest

from tests import infrastructure
from tests.infrastructure import Servers
from tests.systems import start_system, system

__all__ = ["servers", "start_system", "system"]

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_OWNER = os.getppid() if _WORKER else os.getpid()  # whoever began the run


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A virtual host and a database prefix on the run's broker and database."""
    addresses = infrastructure.acquire(infrastructure.run_directory(_run()), _OWNER)
    with infrastructure.worker_servers(addresses, _run(), _WORKER or "main") as found:
        yield found


_SHARED = "one system with the demo city"
_FIRST = "test_demo.py"  # it plays its day before others leave their traces


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file on one worker, and all tests of the demo city on the same one."""
    for item in items:
        shares = "system" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(_SHARED if shares else str(item.path)))
    items.sort(key=lambda item: _FIRST not in str(item.path))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever began the run ends its servers, after the last worker."""
    if _WORKER is None:
        infrastructure.release(infrastructure.run_directory(_run()))


def _run() -> str:
    return f"pid-{_OWNER}"
