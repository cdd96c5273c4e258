"""What every process is told from outside: addresses, secrets, ports. Read once, immutable."""

from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ProcessSettings(BaseSettings):
    """What a process needs whether or not it has a database."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    rabbitmq_url: SecretStr = Field(validation_alias="SAMBATAN_RABBITMQ_URL")
    health_host: str = Field("127.0.0.1", validation_alias="SAMBATAN_HEALTH_HOST")
    log_format: Literal["json", "console"] = Field("json", validation_alias="SAMBATAN_LOG_FORMAT")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", validation_alias="SAMBATAN_LOG_LEVEL"
    )


class ServiceSettings(ProcessSettings):
    """What a service needs; a subclass adds ``env_prefix`` and its own fields.

    A service's own variable (``SAMBATAN_KPI_MONGODB_URL``) goes before the common one.
    """

    mongodb_url: SecretStr
    mongodb_database: str
    mongodb_durability: Literal["journal", "last"] = Field(
        "journal", validation_alias="SAMBATAN_MONGODB_DURABILITY"
    )
    mongodb_driver: Literal["motor", "pymongo"] = Field(
        "pymongo", validation_alias="SAMBATAN_MONGODB_DRIVER"
    )
    health_port: int = Field(0, ge=0, le=65_535)


def service_aliases(service: str) -> dict[str, AliasChoices]:
    """Where a service looks for its addresses: its own variable first, then the common one."""
    prefix = f"SAMBATAN_{service.upper()}_"
    return {
        "rabbitmq_url": AliasChoices(f"{prefix}RABBITMQ_URL", "SAMBATAN_RABBITMQ_URL"),
        "mongodb_url": AliasChoices(f"{prefix}MONGODB_URL", "SAMBATAN_MONGODB_URL"),
    }
