"""A session: a family of refresh tokens of which one is good at a time.

A token is ``<session>.<secret>``; only hashes are kept. Using the good one makes a successor. If
its answer is lost, the same token may be used again for a minute, as long as no successor was used,
and gives a fresh one. Any other use of an old token means that two hold it: the whole family ends.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

REPEATABLE_FOR = timedelta(seconds=60)
IDLE_FOR = timedelta(days=14)
_SUCCESSORS_KEPT = 5

Outcome = Literal["rotated", "refused", "revoked"]


@dataclass(frozen=True, slots=True)
class Session:
    """The refresh tokens of one sign-in, as hashes."""

    id: str
    account: str
    address: str
    started_at: datetime
    expires_at: datetime
    good: tuple[str, ...]
    used: str | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    revision: int = 0

    @classmethod
    def start(cls, id_: str, account: str, address: str, hash_: str, at: datetime) -> "Session":
        """A session that has just begun."""
        return cls(id_, account, address, at, at + IDLE_FOR, (hash_,))


@dataclass(frozen=True, slots=True)
class Step:
    """What using a token did."""

    session: Session
    outcome: Outcome


def use(session: Session, token_hash: str, successor_hash: str, at: datetime) -> Step:
    """Use a token of the family."""
    if session.revoked_at is not None or session.expires_at <= at:
        return Step(session, "refused")
    if token_hash in session.good:
        rotated = replace(session, good=(successor_hash,), used=token_hash, used_at=at)
        return Step(_renewed(rotated, at), "rotated")
    if _repeats(session, token_hash, at):
        good = (*session.good[-_SUCCESSORS_KEPT + 1 :], successor_hash)
        return Step(_renewed(replace(session, good=good), at), "rotated")
    return Step(replace(session, revoked_at=at, revision=session.revision + 1), "revoked")


def _repeats(session: Session, token_hash: str, at: datetime) -> bool:
    return (
        session.used is not None
        and session.used_at is not None
        and secrets.compare_digest(session.used, token_hash)
        and at - session.used_at <= REPEATABLE_FOR
    )


def _renewed(session: Session, at: datetime) -> Session:
    return replace(session, expires_at=at + IDLE_FOR, revision=session.revision + 1)


def new_secret() -> str:
    """A secret nobody can guess."""
    return secrets.token_urlsafe(32)


def token_of(session: str, secret: str) -> str:
    """The refresh token as its holder keeps it."""
    return f"{session}.{secret}"


def parts_of(token: str) -> tuple[str, str]:
    """The session and the hash of a token's secret; empty where it is none of ours."""
    session, _, secret = token.partition(".")
    return session, hash_of(secret)


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
