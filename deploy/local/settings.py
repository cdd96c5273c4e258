"""What may be chosen from outside about a system on one machine."""

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[2]
DEMO_PASSWORD = "gotong-royong"  # noqa: S105  # public on purpose; refused on servers not ours
SERVICES = ("directory", "attendance", "tasks", "kpi", "subscriptions")
_DOTENV = CHECKOUT / ".env"


class LocalSettings(BaseSettings):
    """Where the state lies, which port the gateway takes, and whose servers are used."""

    model_config = SettingsConfigDict(
        env_prefix="SAMBATAN_", env_file=_DOTENV, extra="ignore", frozen=True
    )

    home: Path = Path(".sambatan")
    port: int = Field(8080, ge=1, le=65_535)
    rabbitmq_url: SecretStr | None = None
    rabbitmq_management_url: SecretStr | None = None
    mongodb_url: SecretStr | None = None
    demo_password: SecretStr = SecretStr(DEMO_PASSWORD)

    @cached_property
    def state(self) -> Path:
        """The state's directory, absolute; a relative one lies in the checkout."""
        return (CHECKOUT / self.home.expanduser()).resolve()

    @property
    def embeds_broker(self) -> bool:
        """Whether a broker of our own is started."""
        return self.rabbitmq_url is None

    @property
    def embeds_database(self) -> bool:
        """Whether a database of our own is started."""
        return self.mongodb_url is None

    @property
    def embeds_all(self) -> bool:
        """Whether nothing but servers of our own is used: only there the known password is safe."""
        return self.embeds_broker and self.embeds_database

    @property
    def has_default_password(self) -> bool:
        """Whether the demo accounts would get the password everybody knows."""
        return self.demo_password.get_secret_value() == DEMO_PASSWORD

    def management_url(self) -> str | None:
        """The management address of the given broker: as given, or the usual port beside it."""
        if self.rabbitmq_management_url is not None:
            return self.rabbitmq_management_url.get_secret_value()
        if self.rabbitmq_url is None:
            return None
        parts = urlsplit(self.rabbitmq_url.get_secret_value())
        credentials = parts.netloc.rpartition("@")[0]
        before = f"{credentials}@" if credentials else ""
        return f"http://{before}{parts.hostname}:15672"


def inherited() -> dict[str, str]:
    """The caller's ``SAMBATAN_`` variables: what is set there reaches every process."""
    given = {key: value for key, value in dotenv_values(_DOTENV).items() if value is not None}
    everything = given | dict(os.environ)
    return {key: value for key, value in everything.items() if key.startswith("SAMBATAN_")}
