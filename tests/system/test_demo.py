"""The played day: it balances, and it may be played again."""

import json
import re
import stat

import pytest

from tests.systems import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(1_200)]
_ARRIVALS = re.compile(r"(\d+) arrivals through the loader, (\d+) late")


@pytest.fixture(scope="module")
def played(system: RunningSystem) -> tuple[RunningSystem, str]:
    """A system whose day has been played once, and what the terminal showed."""
    if system.home is None:
        pytest.skip("the day is played on a system that was started here")
    done = system.run("demo")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return system, done.stdout


def test_about_six_hundred_people_arrive_and_some_are_late(
    played: tuple[RunningSystem, str],
) -> None:
    found = _ARRIVALS.search(played[1])

    assert found is not None
    assert 500 < int(found[1]) < 700
    assert 20 < int(found[2]) < 200


def test_the_day_balances_and_says_where_to_go_next(played: tuple[RunningSystem, str]) -> None:
    system, shown = played

    assert "NOT:" not in shown
    assert "the day is played and balances" in shown
    for wanted in (system.gateway, "/docs", "kepala.bkpsdm", "make down", "/logs"):
        assert wanted in shown


def test_a_second_time_repeats_the_answers_and_balances_too(
    played: tuple[RunningSystem, str],
) -> None:
    system, shown = played

    again = system.run("demo")

    assert again.returncode == 0, f"{again.stdout}\n{again.stderr}"
    assert _ARRIVALS.findall(again.stdout) == _ARRIVALS.findall(shown)


def test_the_credentials_of_the_queue_are_for_the_owner_only(
    played: tuple[RunningSystem, str],
) -> None:
    home = played[0].home
    assert home is not None
    kept = home / "subscriber-jabar.json"

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["credentials"]["virtual_host"] == "public"
