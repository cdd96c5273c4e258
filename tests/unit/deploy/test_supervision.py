"""The supervisor is told exactly what was meant, whatever stands in a value."""

import configparser
from pathlib import Path

import pytest

from deploy.local.home import Home
from deploy.local.programs import Program
from deploy.local.progress import Failed
from deploy.local.supervision import Group, Supervisor


def _a_configuration(path: Path, **environment: str) -> configparser.ConfigParser:
    home = Home(path / "home")
    home.prepare()
    program = Program(
        name="clerk",
        command=("/bin/true", "a b"),
        directory=path,
        record=home.record("clerk"),
        environment=environment,
        user="nobody",
    )
    text = Supervisor(home, 20_001).write([Group("clerks", (program,), starts_itself=False)])
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser


def test_a_percent_sign_reaches_the_process(tmp_path: Path) -> None:
    found = _a_configuration(tmp_path, URL="amqp://a:b%2Fc@host/v")

    assert found["program:clerk"]["environment"] == 'URL="amqp://a:b%%2Fc@host/v"'


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a ;b", "a #b"])
def test_a_value_that_would_be_read_differently_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(Failed):
        _a_configuration(tmp_path, X=value)


def test_a_group_waits_to_be_started_unless_it_starts_itself(tmp_path: Path) -> None:
    found = _a_configuration(tmp_path)

    assert found["program:clerk"]["autostart"] == "false"
    assert found["program:clerk"]["user"] == "nobody"
    assert found["group:clerks"]["programs"] == "clerk"


def test_the_configuration_is_private(tmp_path: Path) -> None:
    _a_configuration(tmp_path)

    assert (tmp_path / "home" / "supervisord.conf").stat().st_mode & 0o077 == 0
