"""Up, down, reset: what a person may rely on who types nothing but these."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.identity import identify, wait_until_gone
from deploy.local.readiness import says_ready
from deploy.local.settings import CHECKOUT
from tests.systems import RunningSystem, StartSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(420)]
_NAMES = {
    *("epmd", "rabbitmq", "mongodb", "gateway"),
    *("directory", "attendance", "tasks", "kpi", "subscriptions"),
}


@pytest.fixture(scope="module")
def empty(start_system: StartSystem) -> RunningSystem:
    """A system with empty databases."""
    return start_system("--without-city")


def test_everything_says_that_it_is_ready(empty: RunningSystem) -> None:
    done = empty.run("status")

    assert done.returncode == 0, done.stdout
    assert {line.split()[0] for line in done.stdout.splitlines()} == _NAMES


def test_the_addresses_are_for_the_owner_only_and_complete(empty: RunningSystem) -> None:
    assert empty.home is not None
    found = empty.endpoints()

    assert stat.S_IMODE((empty.home / "endpoints.json").stat().st_mode) == 0o600
    assert set(found) == {"gateway", "rabbitmq", "mongodb", "processes"}
    assert set(found["rabbitmq"]) == {"url", "management"}
    assert found["gateway"] == empty.gateway
    assert {each["name"] for each in found["processes"]} == _NAMES
    assert all(set(each) == {"name", "pid", "health"} for each in found["processes"])
    assert all(identify(each["pid"]) for each in found["processes"])


def test_no_secret_can_be_read_by_others(empty: RunningSystem) -> None:
    assert empty.home is not None
    open_files = [
        path
        for path in empty.home.glob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]

    assert open_files == []


def test_a_second_up_changes_nothing(empty: RunningSystem) -> None:
    before = empty.pids()

    done = empty.run("up", "--without-city")

    assert done.returncode == 0, done.stderr
    assert empty.pids() == before


def test_a_killed_service_and_a_killed_broker_lose_nothing_that_was_answered(
    empty: RunningSystem,
) -> None:
    before = empty.pids()

    done = subprocess.run(
        (
            *(sys.executable, "-m", "tests.faults", "--rate", "20"),
            *("--home", str(empty.home), "--port", str(empty.port)),
        ),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert empty.run("status").returncode == 0
    after = empty.pids()
    assert {name for name in before if before[name] != after[name]} == {"attendance", "rabbitmq"}


def test_two_systems_stand_side_by_side(empty: RunningSystem, start_system: StartSystem) -> None:
    other = start_system("--without-city")

    assert not set(other.pids().values()) & set(empty.pids().values())
    assert _answers(other)
    assert _answers(empty)
    assert other.run("reset").returncode == 0
    assert _answers(empty)


def test_what_a_killed_supervisor_leaves_behind_is_taken_over(empty: RunningSystem) -> None:
    assert empty.home is not None
    supervisor = int((empty.home / "run" / "supervisord.pid").read_text())
    orphans = [found for pid in empty.pids().values() if (found := identify(pid))]

    os.kill(supervisor, signal.SIGKILL)
    done = empty.run("up", "--without-city")

    assert done.returncode == 0, done.stderr
    assert wait_until_gone(orphans, 5)
    assert empty.run("status").returncode == 0


def test_what_was_generated_outlives_down(empty: RunningSystem) -> None:
    assert empty.home is not None
    processes = [found for pid in empty.pids().values() if (found := identify(pid))]
    secrets = (empty.home / "secrets.json").read_text()

    assert empty.run("down").returncode == 0
    assert wait_until_gone(processes, 5)
    assert not (empty.home / "endpoints.json").exists()
    done = empty.run("up", "--without-city")

    assert done.returncode == 0, done.stderr
    assert (empty.home / "secrets.json").read_text() == secrets


def test_reset_forgets_everything(empty: RunningSystem) -> None:
    assert empty.home is not None
    processes = [found for pid in empty.pids().values() if (found := identify(pid))]

    done = empty.run("reset")

    assert done.returncode == 0, done.stderr
    assert not empty.home.exists()
    assert wait_until_gone(processes, 5)
    assert not [path for path in Path("/var/lib/sambatan").glob("*") if _owner(path) == empty.home]


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    port = ports.choose(["gateway"], {})["gateway"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = RunningSystem("", "", tmp_path / "home", port).run("up")

    assert done.returncode == 1
    assert "SAMBATAN_PORT" in done.stderr
    assert not (tmp_path / "home" / "run" / "supervisord.pid").exists()


def test_an_unusable_setting_is_named(tmp_path: Path) -> None:
    done = RunningSystem("", "", tmp_path / "home", 0).run("up")

    assert done.returncode == 1
    assert "SAMBATAN_PORT" in done.stderr


def test_down_of_nothing_is_no_error(tmp_path: Path) -> None:
    done = RunningSystem("", "", tmp_path / "home", 20_000).run("down")

    assert done.returncode == 0
    assert not (tmp_path / "home").exists()


def test_the_machines_own_port_mapper_knows_nothing_of_ours(start_system: StartSystem) -> None:
    if not ports.answers(4369):
        pytest.skip("no Erlang node of the machine's own runs here")

    names = subprocess.run(("epmd", "-names"), capture_output=True, text=True, check=True).stdout

    assert "sambatan" not in names


def test_help_names_every_verb() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "deploy.local", "--help"),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert all(verb in done.stdout for verb in ("up", "down", "reset", "status", "seed", "demo"))


def _answers(system: RunningSystem) -> bool:
    return says_ready(f"{system.gateway}/health/ready")


def _owner(directory: Path) -> Path:
    return Path((directory / ".sambatan-home").read_text().strip())
