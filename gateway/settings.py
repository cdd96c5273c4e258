"""What the gateway is told from outside; read once, immutable."""

from typing import Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kit.files import FilesSettings
from kit.settings import ProcessSettings


class Settings(FilesSettings, ProcessSettings):
    """Addresses, keys and limits of the gateway (``SAMBATAN_GATEWAY_…``)."""

    model_config = SettingsConfigDict(
        env_prefix="SAMBATAN_GATEWAY_", frozen=True, extra="ignore", populate_by_name=True
    )

    rabbitmq_url: SecretStr = Field(
        validation_alias=AliasChoices("SAMBATAN_GATEWAY_RABBITMQ_URL", "SAMBATAN_RABBITMQ_URL")
    )
    host: str = "127.0.0.1"
    port: int = Field(
        8080,
        ge=0,
        le=65_535,
        validation_alias=AliasChoices("SAMBATAN_GATEWAY_PORT", "SAMBATAN_PORT"),
    )
    signing_key: SecretStr = Field(min_length=32)
    retired_signing_keys: SecretStr = SecretStr("")
    """Former keys, separated by spaces: they still verify, until their tokens have expired."""

    access_token_s: int = Field(300, ge=30, le=600)
    """Not longer than closed accounts are remembered for (ten minutes)."""

    oidc_issuer: str = ""
    """An outside OpenID Connect provider whose tokens are accepted too; none by default."""
    oidc_audience: str = ""
    oidc_jwks_url: str = ""
    oidc_nip_claim: str = "nip"
    """Which claim carries the civil-servant number that leads to the account."""

    patience_s: float = Field(2.0, gt=0, le=30)
    deadline_s: float = Field(3.0, gt=0, le=30)
    closed_accounts_every_s: float = Field(3.0, gt=0)

    rate_per_second: float = Field(200.0, gt=0)
    rate_burst: int = Field(1_000, ge=1)

    time_zone: str = "Asia/Jakarta"
    """Where *today* begins at midnight."""

    trusted_proxies: str = ""
    """Addresses of reverse proxies whose X-Forwarded-For is believed; none by default."""

    metrics_for_all: bool = False
    """Whether /metrics answers others than the machine itself."""

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        """A token without an audience to check could be meant for anybody."""
        told = (self.oidc_issuer, self.oidc_audience, self.oidc_jwks_url)
        if any(told) and not all(told):
            raise ValueError("oidc_issuer, oidc_audience and oidc_jwks_url go together")
        return self
