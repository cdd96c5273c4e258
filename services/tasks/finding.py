"""What is asked for in words, as a condition on stored documents that keep their words."""

import re
from collections.abc import Mapping
from typing import Any

from rules.words import asked


def with_words(q: str | None) -> Mapping[str, Any]:
    """Documents that have, for every word asked for, a word that begins so or one of its stem.

    One field, not a list of alternatives: so it stands beside other fields, and an index of one of
    them can be used (decision record 0017).
    """
    every = [
        {"$elemMatch": {"$in": [re.compile(f"^{re.escape(prefix)}"), *sorted(alike)]}}
        for prefix, alike in asked(q or "")
    ]
    return {"words": {"$all": every}} if every else {}
