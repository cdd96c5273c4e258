"""Secrets of a compose system are made once, and only whom they are for can read them."""

import json
import os
import re
import stat
from pathlib import Path

import pytest
import yaml

from contracts.services import SERVICES
from deploy.docker import secrets
from deploy.local.settings import CHECKOUT

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
PROCESSES = (*SERVICES, "gateway")
PASSWORD = re.compile(r"://[^:]+:([^@]+)@")


@pytest.fixture
def owners(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Who was given which file; nobody but root may really give files away."""
    given: dict[str, int] = {}

    def note(path: Path, user: int, group: int) -> None:
        given[path.name.removeprefix(".").removesuffix(".new")] = user

    monkeypatch.setattr(os, "chown", note)
    return given


def told(directory: Path, name: str) -> dict[str, str]:
    lines = (directory / f"{name}.env").read_text().splitlines()
    return {line.partition("=")[0]: line.partition("=")[2].strip("'") for line in lines}


def test_what_was_made_once_is_kept(tmp_path: Path, owners: dict[str, int]) -> None:
    first = secrets.write(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}

    assert first
    assert secrets.write(tmp_path) == ()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_what_a_later_version_needs_is_added(tmp_path: Path, owners: dict[str, int]) -> None:
    secrets.write(tmp_path)
    kept = tmp_path / "passwords.json"
    passwords = json.loads(kept.read_text())
    del passwords["database_kpi"]
    kept.unlink()
    kept.write_text(json.dumps(passwords))

    assert secrets.write(tmp_path) == ("database_kpi",)
    assert json.loads(kept.read_text()).items() > passwords.items()


def test_every_file_is_for_one_user_only(tmp_path: Path, owners: dict[str, int]) -> None:
    secrets.write(tmp_path)

    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o400}
    assert owners.keys() == {path.name for path in tmp_path.iterdir()}
    for process in PROCESSES:
        assert owners[f"{process}.env"] == int(COMPOSE[process]["user"].partition(":")[0])
    assert owners["prepare.env"] == int(COMPOSE["prepare"]["user"].partition(":")[0])
    assert len({owners[f"{process}.env"] for process in PROCESSES}) == len(PROCESSES)


def test_no_process_knows_another_ones_password(tmp_path: Path, owners: dict[str, int]) -> None:
    secrets.write(tmp_path)
    known = {
        process: {
            found[1]
            for value in told(tmp_path, process).values()
            if (found := PASSWORD.search(value))
        }
        for process in PROCESSES
    }

    assert all(known.values())
    assert sum(map(len, known.values())) == len(set().union(*known.values()))


def test_a_process_is_told_its_own_database_and_the_preparing_job_all(
    tmp_path: Path, owners: dict[str, int]
) -> None:
    secrets.write(tmp_path)
    everything = told(tmp_path, "prepare")

    for service in SERVICES:
        name = f"SAMBATAN_{service.upper()}_MONGODB_URL"
        assert told(tmp_path, service)[name] == everything[name]
        assert f"sambatan_{service}" in everything[name]
    assert len(told(tmp_path, "gateway")["SAMBATAN_GATEWAY_SIGNING_KEY"]) >= 32


def test_every_process_has_a_container_that_can_do_little() -> None:
    for process in PROCESSES:
        container = COMPOSE[process]
        assert container["read_only"]
        assert container["cap_drop"] == ["ALL"]
        assert container["healthcheck"]
        assert "privileged" not in container
