"""What the KPI service is told from outside."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings, service_aliases

_ALIASES = service_aliases("kpi")


class Settings(ServiceSettings):
    """Settings of the KPI service."""

    model_config = SettingsConfigDict(env_prefix="SAMBATAN_KPI_", frozen=True)

    rabbitmq_url: SecretStr = Field(validation_alias=_ALIASES["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_ALIASES["mongodb_url"])
    mongodb_database: str = "sambatan_kpi"
