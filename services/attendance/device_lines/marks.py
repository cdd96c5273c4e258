"""What may be out of date after lines, owners or clocks changed, as keys of marks; pure."""

from collections.abc import Iterable, Iterator

DAY, PIN, CLOCK = "day", "pin", "clock"
_BETWEEN = "|"  # in no serial number, PIN or id


def day_key(day: str) -> str:
    """A day whose lines changed."""
    return _BETWEEN.join((DAY, day))


def pin_key(serial: str, pin: str) -> str:
    """A PIN whose owner may have changed."""
    return _BETWEEN.join((PIN, serial, pin))


def clock_key(serial: str, act: str) -> str:
    """A correction of a clock that was made or undone."""
    return _BETWEEN.join((CLOCK, serial, act))


def parts(keys: Iterable[str], kind: str) -> Iterator[tuple[str, ...]]:
    """What the keys of a kind name, in order."""
    for key in sorted(keys):
        name, *rest = key.split(_BETWEEN)
        if name == kind:
            yield tuple(rest)
