"""What the attendance service is told from outside."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings, service_aliases

_ALIASES = service_aliases("attendance")


class Settings(ServiceSettings):
    """Settings of the attendance service."""

    model_config = SettingsConfigDict(env_prefix="SAMBATAN_ATTENDANCE_", frozen=True)

    rabbitmq_url: SecretStr = Field(validation_alias=_ALIASES["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_ALIASES["mongodb_url"])
    mongodb_database: str = "sambatan_attendance"
    positions_kept_days: int = Field(90, ge=1, le=3_650)
    rules_settle_s: float = Field(20, ge=3, le=600)
