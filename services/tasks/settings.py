"""What the task service is told from outside."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from kit.files import FilesSettings
from kit.settings import ServiceSettings, service_aliases

_OWN_FIRST = service_aliases("tasks")


class Settings(FilesSettings, ServiceSettings):
    """Settings of the task service; its own variables go before the common ones."""

    model_config = SettingsConfigDict(
        env_prefix="SAMBATAN_TASKS_", frozen=True, extra="ignore", populate_by_name=True
    )

    rabbitmq_url: SecretStr = Field(validation_alias=_OWN_FIRST["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_OWN_FIRST["mongodb_url"])
    mongodb_database: str = "sambatan_tasks"
