"""What formulas can see: four lists of facts, and the fields of each.

A *row* is what rules about one thing (a day, an answer, a confirmation, a measurement), reduced to
these fields. Its text is what running scorecards keep, so a field may be added at the end of a list
and none may be taken away or moved; in an older text the new field is not there (absent).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

SourceName = Literal["days", "responses", "confirmations", "measurements"]
Type = Literal["number", "text", "truth", "moment"]
Value = int | Fraction | str | bool | datetime | None
"""What a field or an expression gives; None is *absent*."""

OWN_UNIT: Final = "own"
"""The unit of a measurement: that of the indicator it was made for."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row: its type, its unit if it is a number, and what it says."""

    type: Type
    says: str
    unit: str | None = None


_COMMON: dict[str, Field] = {
    "date": Field("text", "the day it counts for, YYYY-MM-DD"),
    "month": Field("text", "its month, YYYY-MM"),
    "weekday": Field("number", "1 for Monday to 7 for Sunday", "count"),
    "agency": Field("text", "the code of the agency it counts for"),
}
_HELP: dict[str, Field] = {
    "type": Field("text", "the type of the event"),
    "requested_at": Field("moment", "when help was asked for"),
    "at": Field("moment", "when it was answered or confirmed"),
    "asking_agency": Field("text", "the code of the agency that asked"),
    "imported": Field("truth", "whether it came from another system"),
    "response_minutes": Field(
        "number", "working minutes from the request to its answer", "working_minutes"
    ),
}
KEPT: Mapping[SourceName, Mapping[str, Field]] = {
    "days": {
        "status": Field("text", "the status of the day"),
        "working_day": Field("truth", "whether it is a working day"),
        "late_minutes": Field("number", "minutes late", "minutes"),
        "arrived": Field("truth", "whether an arrival is recorded"),
        "early_minutes": Field("number", "minutes left early", "minutes"),
    },
    "responses": _HELP,
    "confirmations": {
        **_HELP,
        "rating": Field("number", "1 to 5, absent if confirmed without one", "rating"),
    },
    "measurements": {
        "indicator": Field("text", "the code of the indicator it was made for"),
        "value": Field("number", "what was measured", OWN_UNIT),
        "source": Field("text", "`hand`, `system` or `file`"),
    },
}
"""The lists, and the fields that a row's text holds, in their order."""

FIELDS: Mapping[SourceName, Mapping[str, Field]] = {
    name: {**_COMMON, **kept} for name, kept in KEPT.items()
}
_PLACES = {name: {field: place for place, field in enumerate(kept)} for name, kept in KEPT.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """What rules about one thing."""

    source: SourceName
    on: date
    agency: str
    values: tuple[Value, ...]

    @classmethod
    def read(cls, source: SourceName, on: date, agency: str, text: str) -> "Row":
        """The row that a scorecard keeps as this text."""
        return cls(source, on, agency, _read(source, text))


def place_of(source: SourceName, field: str) -> int | None:
    """Where a row holds a field; None for what follows from its day and agency."""
    return _PLACES[source].get(field)


def text_of(source: SourceName, values: Mapping[str, Value]) -> str:
    """The text of a row with these fields; what is not given is absent."""
    kept = KEPT[source]
    if unknown := values.keys() - kept.keys():
        raise KeyError(f"{source} have no {', '.join(sorted(unknown))}")
    return json.dumps([_plain(values.get(name)) for name in kept], separators=(",", ":"))


def _plain(value: Value) -> str | int | bool | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value


@lru_cache(maxsize=8192)
def _read(source: SourceName, text: str) -> tuple[Value, ...]:
    plain = json.loads(text)
    kept = tuple(KEPT[source].values())
    plain += [None] * (len(kept) - len(plain))
    return tuple(_value(field, one) for field, one in zip(kept, plain, strict=False))


def _value(field: Field, plain: str | int | bool | None) -> Value:
    if plain is None:
        return None
    if field.type == "moment":
        return datetime.fromisoformat(str(plain))
    if field.type == "number":
        return Fraction(plain) if isinstance(plain, str) else int(plain)
    return plain
