"""Text that people type: bounded, trimmed, and without control characters."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _printable(text: str, *, allowed: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed:
            raise ValueError(f"may not contain the control character U+{ord(character):04X}")
    return text


def _one_line(text: str) -> str:
    return _printable(text, allowed="")


def _many_lines(text: str) -> str:
    return _printable(text, allowed="\n\r\t")


ShortText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
"""One line of 1 to 200 characters."""

LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000),
    AfterValidator(_many_lines),
]
"""Several lines, 1 to 4,000 characters."""
