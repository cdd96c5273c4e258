"""Identifiers: time-ordered ones for what happens, derived ones for what must not happen twice."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils

_OURS = uuid5(NAMESPACE_URL, "urn:sambatan")


def new_id() -> str:
    """A UUIDv7: unique, and sorted by the moment it was made."""
    return str(uuid_utils.uuid7())


def made_at(id_: str) -> datetime:
    """The moment a UUIDv7 was made, to the millisecond, by the clock of its maker."""
    return datetime.fromtimestamp((UUID(id_).int >> 80) / 1_000, UTC)


def derived_id(*parts: object) -> str:
    """The UUIDv5 of these parts: the same parts give the same id, in every process."""
    return str(uuid5(_OURS, "\x1f".join(str(part) for part in parts)))
