"""Access tokens: signed here, valid for minutes, verified once and then remembered."""

from collections import OrderedDict
from dataclasses import dataclass
from time import time
from typing import Any

import jwt
from pydantic import ValidationError

from contracts.envelope import Actor
from contracts.outcome import Refusal
from gateway.identity.keys import Keys

ISSUER = "sambatan"
AUDIENCE = "sambatan-gateway"
ALGORITHM = "HS256"
LONGEST_TOKEN = 16_384
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, and the moment (ms since 1970) at which the rights were read."""

    actor: Actor
    session: str
    rights_as_of: int
    expires_at: float


class Tokens:
    """Signs and reads access tokens."""

    def __init__(self, keys: Keys, lifetime_s: int) -> None:
        self._keys = keys
        self.lifetime_s = lifetime_s
        self._known: OrderedDict[str, Identity] = OrderedDict()

    def sign(self, actor: Actor, *, session: str, rights_as_of: int) -> str:
        """A token that lets its bearer act as this actor for a few minutes."""
        moment = int(time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor.account,
            "sid": session,
            "iat": moment,
            "exp": moment + self.lifetime_s,
            "as_of": rights_as_of,
            "actor": actor.model_dump(mode="json", exclude={"account"}, exclude_none=True),
        }
        headers = {"kid": self._keys.current}
        return jwt.encode(claims, self._keys.signing, algorithm=ALGORITHM, headers=headers)

    def read(self, token: str) -> Identity:
        """The identity behind a token; refuses forged and expired ones."""
        identity = self._known.get(token)
        if identity is None:
            identity = self._remember(token, _identity(self._verified(token)))
        elif identity.expires_at <= time():
            del self._known[token]
            raise Refusal("token_expired")
        return identity

    def _remember(self, token: str, identity: Identity) -> Identity:
        self._known[token] = identity
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return identity

    def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise Refusal("token_invalid")
        try:
            key = self._keys.by_id[jwt.get_unverified_header(token)["kid"]]
            return jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "sid", "as_of", "actor"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Refusal("token_expired") from error
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Refusal("token_invalid") from error


def _identity(claims: dict[str, Any]) -> Identity:
    try:
        actor = Actor.model_validate({**claims["actor"], "account": claims["sub"]})
        return Identity(actor, str(claims["sid"]), int(claims["as_of"]), float(claims["exp"]))
    except (ValidationError, TypeError, ValueError) as error:
        raise Refusal("token_invalid") from error
