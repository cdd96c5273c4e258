"""Which servers are used, and where the known password is safe."""

import pytest

from deploy.local import city
from deploy.local.progress import Failed
from deploy.local.settings import CHECKOUT, LocalSettings, inherited


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in inherited():
        monkeypatch.delenv(name, raising=False)


def test_without_addresses_both_servers_are_embedded() -> None:
    settings = LocalSettings(_env_file=None)

    assert settings.embeds_all
    assert settings.state == CHECKOUT / ".sambatan"


def test_given_addresses_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBATAN_RABBITMQ_URL", "amqp://u:p@broker:5672/sambatan")

    settings = LocalSettings(_env_file=None)

    assert not settings.embeds_broker
    assert settings.embeds_database
    assert settings.management_url() == "http://u:p@broker:15672"


def test_the_known_password_is_refused_on_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBATAN_MONGODB_URL", "mongodb://db/")

    with pytest.raises(Failed, match="SAMBATAN_DEMO_PASSWORD"):
        city.refuse_known_password(LocalSettings(_env_file=None))


def test_a_chosen_password_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBATAN_MONGODB_URL", "mongodb://db/")
    monkeypatch.setenv("SAMBATAN_DEMO_PASSWORD", "correct-horse")

    city.refuse_known_password(LocalSettings(_env_file=None))


def test_the_known_password_is_taken_on_embedded_servers() -> None:
    city.refuse_known_password(LocalSettings(_env_file=None))
