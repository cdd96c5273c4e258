"""Words by which a help request is found."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
MOST = 400


def words(text: str) -> frozenset[str]:
    """The words of a text, folded so that case and accents do not matter."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return frozenset(word[:40] for word in _WORD.findall(plain))


def searchable(*texts: str) -> tuple[str, ...]:
    """The words that are kept for the search, at most 400."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(sorted(words(text))))
    return tuple(found)[:MOST]
