"""A system on servers that were given: they are used, not started, and not stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports, rabbitmq
from deploy.local.settings import SERVICES
from tests.infrastructure import Servers
from tests.systems import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def given(servers: Servers) -> dict[str, str]:
    """The variables that name the run's own servers, with databases of their own."""
    variables = {
        "SAMBATAN_RABBITMQ_URL": servers.rabbitmq_url,
        "SAMBATAN_RABBITMQ_MANAGEMENT_URL": servers.management_url,
        "SAMBATAN_MONGODB_URL": servers.mongodb_url,
        "SAMBATAN_MONGODB_DURABILITY": servers.mongodb_durability,
    }
    for service in SERVICES:
        variables[f"SAMBATAN_{service.upper()}_MONGODB_DATABASE"] = servers.database(service)
    return variables


@pytest.fixture
def system(tmp_path: Path, given: dict[str, str]) -> Iterator[RunningSystem]:
    """A home whose processes end with the test."""
    port = ports.choose(["gateway"], {})["gateway"]
    found = RunningSystem(f"http://127.0.0.1:{port}", "", tmp_path / "home", port)
    yield found
    found.run("reset", **given)


def test_only_the_products_own_processes_are_started(
    system: RunningSystem, servers: Servers, given: dict[str, str]
) -> None:
    up = system.run("up", **given)

    assert up.returncode == 0, f"{up.stdout}\n{up.stderr}"
    assert set(system.pids()) == {*SERVICES, "gateway"}
    assert system.endpoints()["rabbitmq"]["url"] == servers.rabbitmq_url
    assert system.run("reset", **given).returncode == 0
    assert rabbitmq.manage(servers.management_url, "GET", "/api/overview")


def test_the_demo_city_with_its_public_password_does_not_come_in(
    system: RunningSystem, given: dict[str, str]
) -> None:
    seed = system.run("seed", **given)

    assert seed.returncode == 1
    assert "SAMBATAN_DEMO_PASSWORD" in seed.stderr
