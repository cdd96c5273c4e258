"""Recurrence rules (RFC 5545): which are taken, and the days they name; pure.

Only rules that come round within reason are taken, so that no rule can keep a process counting:
``DAILY`` and ``WEEKLY`` every so many days or on days of the week, ``MONTHLY`` and ``YEARLY`` on
days of the month or the n-th (or last) of some weekdays.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from contracts.outcome import Refusal

_FURTHEST = 10
"""So many years after its start a rule must have come round once."""

_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_MORE: Mapping[str, frozenset[str]] = {
    "DAILY": frozenset(),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}),
}
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_NTH = f"(?:[+-]?[1-5])?{_DAY}"


def _numbers(low: int, high: int, *, signed: bool = False) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        parts = text.split(",")
        if not all(re.fullmatch(r"[+-]?\d{1,4}", part) for part in parts):
            return False
        found = [int(part) for part in parts]
        return all(low <= (abs(each) if signed else each) <= high for each in found)

    return fits


def _days(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(f"{pattern}(?:,{pattern}){{0,30}}", text) is not None


_FITS: Mapping[str, Callable[[str], bool]] = {
    "FREQ": lambda text: text in _MORE,
    "INTERVAL": _numbers(1, 400),
    "COUNT": _numbers(1, 4_000),
    "UNTIL": lambda text: re.fullmatch(r"\d{8}", text) is not None,
    "WKST": _days(_DAY),
    "BYDAY": _days(_NTH),
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": lambda text: text in {"1", "-1"},
}


def check_rule(rule: str, starts_on: date) -> None:
    """Refuse what is no rule of ours, and what never comes round."""
    parts = _parts(rule)
    frequency = parts.get("FREQ", "")
    if frequency not in _MORE:
        raise _invalid("must begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    allowed = _ALWAYS | _MORE[frequency]
    for name, value in parts.items():
        if name not in allowed:
            raise _invalid(f"{frequency} takes {', '.join(sorted(allowed))}, not {name}")
        if not _FITS[name](value):
            raise _invalid(f"{name}={value} is not possible")
    if frequency == "WEEKLY" and re.search(r"\d", parts.get("BYDAY", "")):
        raise _invalid("WEEKLY takes days of the week without a number")
    if "BYMONTHDAY" in parts and re.search(r"\d", parts.get("BYDAY", "")):
        raise _invalid("BYMONTHDAY does not go with the n-th of a weekday")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _invalid("COUNT and UNTIL exclude each other")
    first = next_on(rule, starts_on, starts_on)
    if first is None or first.year > starts_on.year + _FURTHEST:
        raise _invalid(f"never comes round within {_FURTHEST} years")


def next_on(rule: str, starts_on: date, earliest: date) -> date | None:
    """The first day of the rule that is not before this one; None where it has ended."""
    found = _compiled(rule, starts_on).after(_midnight(earliest), inc=True)
    return None if found is None else found.date()


@lru_cache(maxsize=2_000)
def _compiled(rule: str, starts_on: date) -> rrule:
    try:
        made = rrulestr(f"RRULE:{rule}", dtstart=_midnight(starts_on), cache=True)
    except (ValueError, TypeError, KeyError) as error:
        raise _invalid("is not a recurrence rule (RFC 5545)") from error
    assert isinstance(made, rrule)
    return made


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, separator, value = part.partition("=")
        if not separator or name in parts:
            raise _invalid("is not a recurrence rule (RFC 5545), as FREQ=WEEKLY;BYDAY=FR")
        parts[name] = value
    return parts


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _invalid(detail: str) -> Refusal:
    return Refusal.invalid("/rule", detail)
