"""Processes are told apart by pid and start time, never by name or number alone."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.local.identity import Identity, children, end, identify, record, recorded


def _a_sleeper() -> "subprocess.Popen[bytes]":
    return subprocess.Popen((sys.executable, "-c", "import time; time.sleep(60)"))


def test_a_process_is_recognised_from_its_record(tmp_path: Path) -> None:
    record(tmp_path / "me.stat", os.getpid())

    assert recorded(tmp_path / "me.stat") == identify(os.getpid())


def test_a_later_process_with_the_same_number_is_another() -> None:
    me = identify(os.getpid())
    assert me is not None

    assert not Identity(me.pid, me.started - 1).alive


def test_ending_a_number_that_was_given_away_ends_nobody() -> None:
    child = _a_sleeper()
    found = identify(child.pid)
    assert found is not None

    end([Identity(found.pid, found.started - 1)], patience_s=0.1)

    assert child.poll() is None
    child.kill()
    child.wait()


def test_a_recorded_process_is_ended() -> None:
    child = _a_sleeper()
    found = identify(child.pid)
    assert found is not None

    assert end([found], patience_s=5)
    child.wait()


def test_a_damaged_record_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "x.stat").write_text("12 (half")

    assert recorded(tmp_path / "x.stat") is None
    assert recorded(tmp_path / "missing.stat") is None


def test_the_children_of_a_process_are_those_it_started_itself() -> None:
    child = _a_sleeper()

    found = children(os.getpid())
    grandparent_knows_it = identify(child.pid) in children(os.getppid())
    child.kill()
    child.wait()

    assert child.pid in {one.pid for one in found}
    assert not grandparent_knows_it
