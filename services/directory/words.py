"""Search by the beginnings of words; the database in use has no text index."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"[a-z0-9]+")
_LAST = "\uffff"


def words_of(*texts: str) -> tuple[str, ...]:
    """The words of these texts in small letters and without accents, each once."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).lower()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(sorted(set(_WORD.findall(bare))))


def begins(q: str | None) -> list[Mapping[str, Any]]:
    """Conditions that every word of ``q`` begins a word; nothing to search for is no condition."""
    return [
        {"words": {"$elemMatch": {"$gte": word, "$lt": word + _LAST}}} for word in words_of(q or "")
    ]


def all_of(conditions: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """All conditions together."""
    if not conditions:
        return {}
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}
