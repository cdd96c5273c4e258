"""What the subscriptions service is told from outside."""

from pydantic import AliasChoices, Field, SecretStr

from kit.settings import ServiceSettings, service_aliases

_ALIASES = service_aliases("subscriptions")


class Settings(ServiceSettings):
    """The service's settings; without a management address no queues can be given out.

    ``public_amqp_host`` and ``public_amqp_port`` are what subscribers are told; without them, the
    broker's own address.
    """

    rabbitmq_url: SecretStr = Field(validation_alias=_ALIASES["rabbitmq_url"])
    mongodb_url: SecretStr = Field(validation_alias=_ALIASES["mongodb_url"])
    mongodb_database: str = Field(
        "sambatan_subscriptions", validation_alias="SAMBATAN_SUBSCRIPTIONS_MONGODB_DATABASE"
    )
    health_port: int = Field(
        0, ge=0, le=65_535, validation_alias="SAMBATAN_SUBSCRIPTIONS_HEALTH_PORT"
    )
    rabbitmq_management_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices(
            "SAMBATAN_SUBSCRIPTIONS_RABBITMQ_MANAGEMENT_URL", "SAMBATAN_RABBITMQ_MANAGEMENT_URL"
        ),
    )
    public_amqp_host: str | None = Field(
        None, validation_alias="SAMBATAN_SUBSCRIPTIONS_PUBLIC_AMQP_HOST"
    )
    public_amqp_port: int | None = Field(
        None, ge=1, le=65_535, validation_alias="SAMBATAN_SUBSCRIPTIONS_PUBLIC_AMQP_PORT"
    )
