"""Words by which a text is found: as they stand, and by their stems in Indonesian and English.

What is kept of a text are its words, folded, and beside them the stems that differ, marked with
``~``. What is asked for meets a text that has, for every word, a word that begins so or one of the
same stem (decision record 0017).
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

MOST_WORDS = 400
"""So many words of a text are kept."""

LONGEST = 40
MARK = "~"
_SHORTEST_STEMMED = 4
_WORD = re.compile(r"[^\W_]+")
_STEMMERS = tuple(snowballstemmer.stemmer(language) for language in ("indonesian", "english"))


def words(text: str) -> tuple[str, ...]:
    """The words of a text in their order, each once, so folded that case and accents are alike."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(plain)))


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """What a folded word comes from, in either language; nothing of numbers and short words.

    A stem of less than three letters says too little and is left out.
    """
    if len(word) < _SHORTEST_STEMMED or not word.isalpha():
        return frozenset()
    found = {stemmer.stemWord(word) for stemmer in _STEMMERS}
    return frozenset(stem for stem in found if len(stem) > 2)


def searchable(*texts: str) -> tuple[str, ...]:
    """What is kept of these texts: their words and the marked stems, at most 400 words."""
    found = tuple(dict.fromkeys(word for text in texts for word in words(text)))[:MOST_WORDS]
    marked = {MARK + stem for word in found for stem in stems(word) if stem != word}
    return (*found, *sorted(marked))


def asked(q: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """What is asked for: every word as a prefix, with what else stands for it as a whole."""
    return tuple((word, _alike(word)) for word in words(q))


def meets(kept: frozenset[str], q: str) -> bool:
    """Whether a text of these kept words is what is asked for: what the database decides."""
    return all(
        bool(alike & kept) or any(word.startswith(prefix) for word in kept)
        for prefix, alike in asked(q)
    )


def _alike(word: str) -> frozenset[str]:
    return frozenset(form for stem in stems(word) for form in (stem, MARK + stem))
