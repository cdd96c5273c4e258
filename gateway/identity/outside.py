"""Tokens of an outside OpenID Connect provider, accepted beside our own.

The provider says who somebody is (a claim with the civil-servant number); what that person may do
is read from the directory. Sources: OpenID Connect Core 1.0 §3.1.3.7 (validation), RFC 7517 (keys),
RFC 8725 (the algorithm is ours to choose, never the token's).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import time
from typing import Any

import httpx
import jwt

from contracts.envelope import Actor
from contracts.identity import Identified
from contracts.outcome import Refusal
from gateway.identity.tokens import LONGEST_TOKEN, MOST_REMEMBERED, Identity
from gateway.settings import Settings
from kit.logging import get_logger

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_LEEWAY_S = 30
_ASK_AGAIN_S = 10.0
"""Keys are asked for again at most this often, whatever key ids tokens come up with."""
_KEYS_LIVE_S = 3_600.0
_PATIENCE_S = 3.0

log = get_logger(__name__)

Identify = Callable[[str], Awaitable[Identified | None]]
Refuses = Callable[[str, int], bool]


class ProviderKeys:
    """The provider's public keys by id; those of before count while it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = self._answered_at = float("-inf")
        self._asking = asyncio.Lock()

    async def get(self, key_id: str) -> jwt.PyJWK:
        """The key of this id, or a :class:`Refusal`."""
        if key_id not in self._keys or time() - self._answered_at > _KEYS_LIVE_S:
            async with self._asking:
                if time() - self._asked_at > _ASK_AGAIN_S:
                    await self._ask()
        if not self._keys:
            raise Refusal("service_unavailable")
        if key_id not in self._keys:
            raise Refusal("token_invalid")
        return self._keys[key_id]

    async def _ask(self) -> None:
        self._asked_at = time()
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_S) as client:
                answer = (await client.get(self._url)).raise_for_status()
            told = jwt.PyJWKSet.from_dict(answer.json())
        except (httpx.HTTPError, jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            log.warning("provider.keys_not_answered", reason=type(error).__name__)
            return
        self._keys = {key.key_id: key for key in told.keys if key.key_id}
        self._answered_at = time()


class OutsideTokens:
    """Reads tokens of the provider that the settings name; none where they name none."""

    def __init__(self, settings: Settings, identify: Identify, refuses: Refuses) -> None:
        self._issuer = settings.oidc_issuer
        self._audience = settings.oidc_audience
        self._claim = settings.oidc_nip_claim
        self._lifetime_s = settings.access_token_s
        self._keys = ProviderKeys(settings.oidc_jwks_url)
        self._identify = identify
        self._refuses = refuses
        self._known: OrderedDict[str, Identity] = OrderedDict()

    def issued(self, token: str) -> bool:
        """Whether the token claims to come from the provider; what it says is not yet believed."""
        if not self._issuer or len(token) > LONGEST_TOKEN:
            return False
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError):
            return False
        return bool(claims.get("iss") == self._issuer)

    async def read(self, token: str) -> Identity:
        """Whoever the token speaks for, with the rights the directory gives now."""
        known = self._known.get(token)
        if known is not None and known.expires_at > time():
            if not self._refuses(known.actor.account, known.rights_as_of):
                return known
            del self._known[token]  # the rights have changed since: read them again
        identity = await self._identity(await self._verified(token))
        self._known[token] = identity
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return identity

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            key = await self._keys.get(str(jwt.get_unverified_header(token)["kid"]))
            return jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iat", "sub", self._claim]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Refusal("token_expired") from error
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Refusal("token_invalid") from error

    async def _identity(self, claims: dict[str, Any]) -> Identity:
        found = await self._identify(str(claims[self._claim]))
        if found is None:
            raise Refusal("token_invalid")
        actor = Actor(
            account=found.account,
            employee=found.employee,
            agency=found.agency,
            grants=found.grants,
        )
        as_of = round(found.as_of.timestamp() * 1_000)
        expires_at = min(float(claims["exp"]) + _LEEWAY_S, time() + self._lifetime_s)
        return Identity(actor, f"oidc:{claims['sub']}"[:100], as_of, expires_at)
