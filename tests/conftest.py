"""What every test may ask for: servers of the run's own."""

import contextlib
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests import infrastructure
from tests.infrastructure import Servers
from tests.systems import start_system, system

__all__ = ["servers", "start_system", "system"]

settings.register_profile("sambatan", deadline=None)  # a test asserts, a benchmark measures
settings.load_profile("sambatan")

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_OWNER = os.getppid() if _WORKER else os.getpid()  # whoever began the run


ServersFor = Callable[[str], Servers]


@pytest.fixture(scope="session")
def servers_for() -> Iterator[ServersFor]:
    """Gives a part of the tests a virtual host and databases of its own on the run's servers.

    The services of one part stay up until the session ends; in a virtual host they shared with
    another part, they would take its messages.
    """
    addresses = infrastructure.acquire(infrastructure.run_directory(_run()), _OWNER)
    with contextlib.ExitStack() as taken:

        def give(part: str) -> Servers:
            worker = f"{_WORKER or 'main'}_{part}"
            return taken.enter_context(infrastructure.worker_servers(addresses, _run(), worker))

        yield give


@pytest.fixture(scope="session")
def servers(servers_for: ServersFor) -> Servers:
    """The servers of tests that run no service."""
    return servers_for("plain")


_SHARED = "one system with the demo city"
_FIRST = ("test_demo.py", "test_lifecycle.py", "tests/system/")
"""The day is played before others leave their traces. Whole systems take longest, so nobody waits
for them at the end; and they stop at nothing while they work, so no service may run in their worker
yet, as those of other tests do in its event loop."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file on one worker, and all tests of the demo city on the same one."""
    for item in items:
        shares = "system" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(_SHARED if shares else str(item.path)))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    found = (place for place, part in enumerate(_FIRST) if part in item.path.as_posix())
    return next(found, len(_FIRST))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever began the run ends its servers, after the last worker."""
    if _WORKER is None:
        infrastructure.release(infrastructure.run_directory(_run()))


def _run() -> str:
    return f"pid-{_OWNER}"
