"""Keys of systems that measure: shown once, kept as a digest, good for some indicators only."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from hmac import compare_digest

from contracts.measurements import KeyIssued, KeyRequest, KeyRevoked
from contracts.outcome import Decision, Refusal

PREFIX = "smk"
ACCOUNT = "key:"
"""Accounts of keys begin so; no user name can hold a colon."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept."""

    name: str
    indicators: tuple[str, ...]
    until: date | None
    digest: str
    issued_by: str
    issued_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    def opens(self, secret: str, on: date) -> bool:
        """Whether this secret may be used on a day."""
        fits = compare_digest(digest_of(secret), self.digest)
        ended = self.revoked_at is not None or (self.until is not None and on > self.until)
        return fits and not ended


def new_secret() -> str:
    """A secret of 256 random bits: a plain digest of it can be kept."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def told(id_: str, secret: str) -> str:
    """The key as its owner is told it, this once."""
    return f"{PREFIX}_{id_}_{secret}"


def parted(key: str) -> tuple[str, str]:
    """The id and the secret of a key; refused if it does not look like one."""
    prefix, _, rest = key.partition("_")
    id_, _, secret = rest.partition("_")
    if prefix != PREFIX or not id_ or not secret:
        raise Refusal("token_invalid")
    return id_, secret


def issue(id_: str, request: KeyRequest, secret: str, *, by: str, at: datetime) -> Decision[Key]:
    """A new key."""
    key = Key(request.name, request.indicators, request.until, digest_of(secret), by, at)
    event = KeyIssued(key=id_, indicators=request.indicators, until=request.until)
    return Decision(key, (event,))


def revoke(key: Key | None, id_: str, *, by: str, at: datetime) -> Decision[Key]:
    """Refuse the key from now on; once is enough."""
    if key is None:
        raise Refusal("not_found")
    if key.revoked_at is not None:
        return Decision(key)
    event = KeyRevoked(key=id_, indicators=key.indicators)
    return Decision(replace(key, revoked_by=by, revoked_at=at), (event,))
