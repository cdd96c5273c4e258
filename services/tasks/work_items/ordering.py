"""Where a task lies among others: texts that sort, with room for another between any two."""

from datetime import datetime

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_WIDTH = 9  # milliseconds until the year 5188
LONGEST = 200
"""A longer position is refused: somebody has put a thousand tasks between the same two."""


def at_the_end(moment: datetime) -> str:
    """The position of what is made at this moment: behind everything made before."""
    left, digits = int(moment.timestamp() * 1_000), ""
    for _ in range(_WIDTH):
        left, digit = divmod(left, _BASE)
        digits = _DIGITS[digit] + digits
    return digits


def between(low: str | None, high: str | None) -> str:
    """A position behind ``low`` and before ``high``; raises ``ValueError`` where there is none.

    Without ``low`` before everything, without ``high`` right behind ``low``. None ends in the
    lowest digit, so that there is room before each.
    """
    if high is None:
        return (low or "") + _DIGITS[_BASE // 2]
    if low is not None and low >= high:
        raise ValueError("the one does not lie before the other")
    return _middle(low or "", high)


def _middle(low: str, high: str | None) -> str:
    """A text between two; ``high`` None is above all that begin as ``low`` does so far."""
    shared = 0
    if high is not None:
        while shared < len(high) and _digit(low, shared) == high[shared]:
            shared += 1
    if shared and high is not None:
        return high[:shared] + _middle(low[shared:], high[shared:])
    first = _DIGITS.index(_digit(low, 0))
    last = _BASE if high is None else _DIGITS.index(high[0])
    if last - first > 1:
        return _DIGITS[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return _DIGITS[first] + _middle(low[1:], None)


def _digit(text: str, place: int) -> str:
    return text[place] if place < len(text) else _DIGITS[0]
