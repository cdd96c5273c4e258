"""What the subscriptions service is told from outside."""

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings, service_aliases
from services.subscriptions.deliveries.addresses import Allowed

_OWN_FIRST = service_aliases("subscriptions")


class Settings(ServiceSettings):
    """Settings of the subscriptions service; its own variables go before the common ones.

    Without a management address no queues can be given out. ``public_amqp_host`` and
    ``public_amqp_port`` are what subscribers are told; without them, the broker's own address.
    Webhooks go to public addresses by https; ``webhook_networks`` (CIDR) and ``webhook_http`` allow
    more.
    """

    model_config = SettingsConfigDict(
        env_prefix="SAMBATAN_SUBSCRIPTIONS_", frozen=True, extra="ignore", populate_by_name=True
    )

    rabbitmq_url: SecretStr = Field(validation_alias=_OWN_FIRST["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_OWN_FIRST["mongodb_url"])
    mongodb_database: str = "sambatan_subscriptions"
    rabbitmq_management_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices(
            "SAMBATAN_SUBSCRIPTIONS_RABBITMQ_MANAGEMENT_URL", "SAMBATAN_RABBITMQ_MANAGEMENT_URL"
        ),
    )
    public_amqp_host: str | None = None
    public_amqp_port: int | None = Field(None, ge=1, le=65_535)
    webhook_networks: str = ""
    webhook_http: bool = False
    webhook_timeout_s: float = Field(10.0, gt=0, le=20)
    webhook_paused_after_days: float = Field(5.0, gt=0)

    @field_validator("webhook_networks")
    @classmethod
    def _must_be_networks(cls, told: str) -> str:
        Allowed.of(told, http=False)
        return told
