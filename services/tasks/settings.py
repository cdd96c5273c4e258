"""What the task service is told from outside."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from contracts.directory import Email
from contracts.help_terms import Link
from kit.files import FilesSettings
from kit.settings import ServiceSettings, service_aliases

_OWN_FIRST = service_aliases("tasks")


class Settings(FilesSettings, ServiceSettings):
    """Settings of the task service; its own variables go before the common ones.

    Without a mail server no digests are sent. They go out at ``digest_hour`` where each person
    works, and name ``notification_preferences_url`` as the place to choose otherwise.
    """

    model_config = SettingsConfigDict(
        env_prefix="SAMBATAN_TASKS_", frozen=True, extra="ignore", populate_by_name=True
    )

    rabbitmq_url: SecretStr = Field(validation_alias=_OWN_FIRST["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_OWN_FIRST["mongodb_url"])
    mongodb_database: str = "sambatan_tasks"

    smtp_host: str | None = None
    smtp_port: int = Field(587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout_s: float = Field(20.0, gt=0, le=120)
    mail_from: Email = "sambatan@localhost.localdomain"
    digest_hour: int = Field(6, ge=0, le=23)
    notification_preferences_url: Link | None = None
