"""``.env.example`` names every setting, and nothing that is not one."""

import importlib
import re
from pathlib import Path

import pytest
from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from deploy.local.settings import CHECKOUT, SERVICES, LocalSettings

_MODULES = ("gateway.settings", *(f"services.{service}.settings" for service in SERVICES))
_NAME = re.compile(r"^#? ?(SAMBATAN_[A-Z0-9_]+)=", re.MULTILINE)


def _classes() -> list[type[BaseSettings]]:
    return [LocalSettings, *(importlib.import_module(name).Settings for name in _MODULES)]


def _names_of(settings: type[BaseSettings]) -> set[str]:
    prefix = settings.model_config.get("env_prefix", "")
    names: set[str] = set()
    for field, facts in settings.model_fields.items():
        match facts.validation_alias:
            case AliasChoices(choices=choices):
                names |= {str(choice) for choice in choices}
            case str(alias):
                names.add(alias)
            case _:
                names.add(f"{prefix}{field}".upper())
    return names


def _example() -> set[str]:
    return set(_NAME.findall((CHECKOUT / ".env.example").read_text()))


@pytest.mark.parametrize("settings", _classes(), ids=lambda found: found.__module__)
def test_every_setting_has_its_line(settings: type[BaseSettings]) -> None:
    assert _names_of(settings) - _example() == set()


def test_every_line_is_a_setting() -> None:
    known = set().union(*(_names_of(settings) for settings in _classes()))

    assert _example() - known == set()


def test_a_copied_example_changes_nothing() -> None:
    lines = Path(CHECKOUT / ".env.example").read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []
