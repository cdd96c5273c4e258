"""The home of a system keeps its secrets and forgets entirely."""

import stat
from pathlib import Path

import pytest

from deploy.local.home import Home, write_private
from deploy.local.progress import Failed


def _a_home(path: Path) -> Home:
    home = Home(path / "home")
    home.prepare()
    return home


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    home = _a_home(tmp_path)

    first = home.secrets()

    assert home.secrets() == first
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600
    assert len(first.signing_key) >= 32
    assert len(set(first.mongodb.values())) == len(first.mongodb)


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, other = _a_home(tmp_path / "a").secrets(), _a_home(tmp_path / "b").secrets()

    assert not set(one.model_dump(exclude={"mongodb"}).values()) & set(
        other.model_dump(exclude={"mongodb"}).values()
    )


def test_a_private_file_stays_private_when_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_directory_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Failed, match="other files"):
        Home(tmp_path).prepare()

    assert (tmp_path / "thesis.txt").exists()


def test_a_home_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Failed, match="SAMBATAN_HOME"):
        Home(tmp_path / "file" / "home").prepare()


def test_forgetting_leaves_nothing(tmp_path: Path) -> None:
    home = _a_home(tmp_path)
    home.remember(seeded=True)

    home.forget()

    assert not home.path.exists()
    assert home.remembered() == {}


def test_the_lock_holds_until_it_is_left(tmp_path: Path) -> None:
    home = _a_home(tmp_path)

    with home.locked():
        pass
    with home.locked():
        home.forget()
    with home.locked():
        assert home.path.exists()
