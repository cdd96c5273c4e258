"""Signatures by Standard Webhooks: ``v1,`` and an HMAC-SHA256 over id, moment and body. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def secret_of(raw: bytes) -> str:
    """A secret as its subscriber keeps it."""
    return PREFIX + base64.b64encode(raw).decode()


def signature(secrets: Iterable[str], id_: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature per secret that is good now."""
    signed = f"{id_}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_hmac(secret, signed)}" for secret in secrets)


def _hmac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
