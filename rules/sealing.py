"""Digests and fingerprints: what two services, or two years, must agree on to the last byte."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256


def digest_of(marks: Iterable[tuple[str, int]]) -> str:
    """The SHA-256 over subjects and their sequences, whatever order they come in."""
    said = sha256()
    for subject, sequence in sorted(marks):
        said.update(f"{subject}@{sequence}\n".encode())
    return said.hexdigest()


def canonical(parts: Mapping[str, object]) -> str:
    """Parts as canonical JSON: sorted keys, no spaces, no escapes beyond what JSON needs."""
    return json.dumps(
        parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_refuse
    )


def fingerprint_of(parts: Mapping[str, object]) -> str:
    """The SHA-256 over parts as canonical JSON in UTF-8; figures are stated as text."""
    return sha256(canonical(parts).encode()).hexdigest()


def _refuse(value: object) -> str:
    raise TypeError(f"{type(value).__name__} has no canonical form; state it as text")
