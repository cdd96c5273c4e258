"""What is wrong with an input, in both languages: one sentence per kind of error."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.outcome import FieldError
from gateway.arrival import Language

# kind of error (pydantic): Indonesian, English; {places} are facts of the error
_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("wajib diisi", "is required"),
    "extra_forbidden": ("tidak dikenal", "is not known here"),
    "string_type": ("harus berupa teks", "must be a text"),
    "string_too_short": (
        "paling sedikit {min_length} karakter",
        "must have at least {min_length} characters",
    ),
    "string_too_long": (
        "paling banyak {max_length} karakter",
        "must have at most {max_length} characters",
    ),
    "string_pattern_mismatch": (
        "harus sesuai pola {pattern}",
        "must match the pattern {pattern}",
    ),
    "string_unicode": ("bukan teks Unicode yang sah", "is not valid Unicode text"),
    "int_type": ("harus berupa bilangan bulat", "must be a whole number"),
    "int_parsing": ("harus berupa bilangan bulat", "must be a whole number"),
    "int_parsing_size": ("bilangan terlalu besar", "the number is too large"),
    "int_from_float": ("harus berupa bilangan bulat", "must be a whole number"),
    "float_type": ("harus berupa bilangan", "must be a number"),
    "float_parsing": ("harus berupa bilangan", "must be a number"),
    "finite_number": ("harus berupa bilangan berhingga", "must be a finite number"),
    "decimal_type": ("harus berupa bilangan desimal", "must be a decimal number"),
    "decimal_parsing": ("harus berupa bilangan desimal", "must be a decimal number"),
    "bool_type": ("harus true atau false", "must be true or false"),
    "bool_parsing": ("harus true atau false", "must be true or false"),
    "greater_than": ("harus lebih dari {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("paling kecil {ge}", "must be at least {ge}"),
    "less_than": ("harus kurang dari {lt}", "must be less than {lt}"),
    "less_than_equal": ("paling besar {le}", "must be at most {le}"),
    "multiple_of": ("harus kelipatan {multiple_of}", "must be a multiple of {multiple_of}"),
    "literal_error": ("harus salah satu dari {expected}", "must be one of {expected}"),
    "enum": ("harus salah satu dari {expected}", "must be one of {expected}"),
    "too_short": ("paling sedikit {min_length} butir", "must have at least {min_length} items"),
    "too_long": ("paling banyak {max_length} butir", "must have at most {max_length} items"),
    "list_type": ("harus berupa daftar", "must be a list"),
    "tuple_type": ("harus berupa daftar", "must be a list"),
    "dict_type": ("harus berupa objek", "must be an object"),
    "model_type": ("harus berupa objek", "must be an object"),
    "model_attributes_type": ("harus berupa objek", "must be an object"),
    "date_type": ("harus tanggal TTTT-BB-HH", "must be a date YYYY-MM-DD"),
    "date_parsing": ("harus tanggal TTTT-BB-HH", "must be a date YYYY-MM-DD"),
    "date_from_datetime_parsing": ("harus tanggal TTTT-BB-HH", "must be a date YYYY-MM-DD"),
    "date_from_datetime_inexact": ("harus tanggal TTTT-BB-HH", "must be a date YYYY-MM-DD"),
    "datetime_type": ("harus waktu RFC 3339", "must be an RFC 3339 instant"),
    "datetime_parsing": ("harus waktu RFC 3339", "must be an RFC 3339 instant"),
    "datetime_from_date_parsing": ("harus waktu RFC 3339", "must be an RFC 3339 instant"),
    "timezone_aware": ("harus menyebut selisih zona waktu", "must state its offset"),
    "time_parsing": ("harus waktu HH:MM", "must be a time HH:MM"),
    "uuid_parsing": ("harus UUID", "must be a UUID"),
    "url_parsing": ("harus URL", "must be a URL"),
}
_OTHERWISE = ("tidak sah", "is not valid")


def field_errors(errors: Sequence[Any], language: Language) -> tuple[FieldError, ...]:
    """Where the input is wrong and what is allowed instead."""
    return tuple(
        FieldError(pointer=pointer(error["loc"]), detail=sentence(error, language))
        for error in errors
    )


def pointer(location: Sequence[str | int]) -> str:
    """The JSON pointer into the body; parameters begin with the place they stand in."""
    parts = list(location)
    if parts and parts[0] == "body":
        parts = parts[1:]
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def sentence(error: Mapping[str, Any], language: Language) -> str:
    """What is wrong with one field."""
    kind = error["type"]
    facts = error.get("ctx") or {}
    if kind in {"value_error", "assertion_error"}:
        return str(facts.get("error", error.get("msg", "")))  # our own rule says it itself
    told = _SENTENCES.get(kind, _OTHERWISE)[0 if language == "id" else 1]
    try:
        return told.format_map(facts)
    except (KeyError, IndexError, ValueError):
        return _OTHERWISE[0 if language == "id" else 1]
