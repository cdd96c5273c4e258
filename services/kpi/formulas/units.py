"""The units of numbers, and what they become when numbers meet.

None is the unit of a constant: it takes that of whatever it meets.
"""

from typing import Final

PLAIN: Final = frozenset({"count", "ratio"})
"""Pure numbers: they multiply and divide anything."""

KNOWN: Final = ("percent", "ratio", "count", "rating", "minutes", "working_minutes")
"""Units that functions and fields give. A measured indicator may declare another one."""

Unit = str | None


class UnitsDiffer(Exception):
    """Two units do not go together."""


def together(left: Unit, right: Unit) -> Unit:
    """The unit of a sum, a difference or a comparison."""
    if left is None or right is None or left == right:
        return left if right is None else right
    raise UnitsDiffer(f"{left} and {right}")


def product(left: Unit, right: Unit) -> Unit:
    """The unit of a product: at most one factor is more than a pure number."""
    if left is None or right is None:
        return left if right is None else right
    if left in PLAIN and right in PLAIN:
        return "count" if left == right == "count" else "ratio"
    if left in PLAIN:
        return right
    if right in PLAIN:
        return left
    raise UnitsDiffer(f"{left} × {right}")


def quotient(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient: like divided by like is a ratio."""
    if right is None:
        return left
    if left == right or (left in PLAIN and right in PLAIN):
        return "ratio"
    if right in PLAIN:
        return left
    raise UnitsDiffer(f"{left or 'a constant'} ÷ {right}")
