"""Expressions over single values: typed once, then computed as often as there are facts.

Every expression is total. What is absent stays absent through arithmetic; a comparison with
something absent is false; a division by zero is absent. So no fact can make a formula fail.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from services.kpi.formulas import units
from services.kpi.formulas.rows import Type, Value
from services.kpi.formulas.syntax import Node
from services.kpi.formulas.units import Unit, UnitsDiffer

E = TypeVar("E")
"""What an expression is computed in: a row, or what the lists of facts have come to."""

Run = Callable[[E], Value]
MOST_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Expression(Generic[E]):
    """A typed expression; ``constant`` is its value if it does not depend on facts."""

    type: Type
    unit: Unit
    run: Run[E]
    constant: Value = None


Leaf = Callable[[Node], Expression[E] | None]
"""What a place gives beside operators: fields of a row there, functions of lists here."""


def typed(node: Node, leaf: Leaf[E]) -> Expression[E]:
    """The expression of a node; raises ``FormulaWrong`` where types or units do not fit."""
    if (found := leaf(node)) is not None:
        return found
    match node.kind:
        case "number":
            return _constant("number", _number(node.text))
        case "text":
            return _constant("text", node.text)
        case "truth":
            return _constant("truth", node.text == "true")
        case "unary":
            return _unary(node, leaf)
        case "binary":
            return _binary(node, leaf)
        case "choice":
            return _choice(node, leaf)
        case "call":
            return _call(node, leaf)
        case "name":
            raise node.wrong(f"{node.text!r} is not known here")
    raise node.wrong("this is not used here")


def of_type(node: Node, leaf: Leaf[E], type_: Type) -> Expression[E]:
    """The expression of a node, which must be of this type."""
    found = typed(node, leaf)
    if found.type != type_:
        raise node.wrong(f"a {type_} is needed here, this is a {found.type}")
    return found


def _constant(type_: Type, value: Value) -> Expression[E]:
    return Expression(type_, None, lambda _: value, value)


def _number(text: str) -> int | Fraction:
    return Fraction(text) if "." in text else int(text)


def _unary(node: Node, leaf: Leaf[E]) -> Expression[E]:
    if node.text == "!":
        inner = of_type(node.parts[0], leaf, "truth").run
        return Expression("truth", None, lambda env: not inner(env))
    number = of_type(node.parts[0], leaf, "number")
    value = number.run
    constant = None if number.constant is None else -_as_number(number.constant)

    def negative(env: E) -> Value:
        found = value(env)
        return None if found is None else -_as_number(found)

    return Expression("number", number.unit, negative, constant)


def _binary(node: Node, leaf: Leaf[E]) -> Expression[E]:
    left, right = node.parts
    match node.text:
        case "&&" | "||":
            one, other = of_type(left, leaf, "truth").run, of_type(right, leaf, "truth").run
            if node.text == "&&":
                return Expression("truth", None, lambda env: bool(one(env)) and bool(other(env)))
            return Expression("truth", None, lambda env: bool(one(env)) or bool(other(env)))
        case "in":
            return _among(node, leaf)
        case "+" | "-" | "*" | "/":
            return _arithmetic(node, leaf)
    return _comparison(node, leaf)


_ARITHMETIC: dict[str, tuple[Callable[[Unit, Unit], Unit], Callable[[Any, Any], Any]]] = {
    "+": (units.together, operator.add),
    "-": (units.together, operator.sub),
    "*": (units.product, operator.mul),
    "/": (units.quotient, lambda one, other: Fraction(one) / other if other else None),
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def _arithmetic(node: Node, leaf: Leaf[E]) -> Expression[E]:
    left, right = (of_type(part, leaf, "number") for part in node.parts)
    of_units, compute = _ARITHMETIC[node.text]
    unit = _unit(node, of_units, left.unit, right.unit)
    return Expression("number", unit, _both(left.run, right.run, compute))


def _comparison(node: Node, leaf: Leaf[E]) -> Expression[E]:
    left, right = (typed(part, leaf) for part in node.parts)
    if left.type != right.type:
        raise node.wrong(f"a {left.type} is not compared with a {right.type}")
    if left.type == "truth" and node.text not in ("==", "!="):
        raise node.wrong("truths have no order")
    _unit(node, units.together, left.unit, right.unit)
    compute = _COMPARISONS[node.text]
    one, other = left.run, right.run

    def compare(env: E) -> Value:
        here, there = one(env), other(env)
        return here is not None and there is not None and compute(here, there)

    return Expression("truth", None, compare)


def _among(node: Node, leaf: Leaf[E]) -> Expression[E]:
    what, several = node.parts
    if several.kind != "list" or not several.parts:
        raise several.wrong("a list of constants is needed here, as in [1, 2]")
    found = typed(what, leaf)
    allowed = []
    for part in several.parts:
        one = of_type(part, leaf, found.type)
        if one.constant is None:
            raise part.wrong("only constants stand in a list")
        allowed.append(one.constant)
    value, among = found.run, frozenset(allowed)
    return Expression("truth", None, lambda env: value(env) in among)


def _choice(node: Node, leaf: Leaf[E]) -> Expression[E]:
    condition = of_type(node.parts[0], leaf, "truth").run
    yes, no = typed(node.parts[1], leaf), typed(node.parts[2], leaf)
    if yes.type != no.type:
        raise node.wrong(f"one branch is a {yes.type}, the other a {no.type}")
    unit = _unit(node, units.together, yes.unit, no.unit)
    one, other = yes.run, no.run
    return Expression(yes.type, unit, lambda env: one(env) if condition(env) else other(env))


def _call(node: Node, leaf: Leaf[E]) -> Expression[E]:
    if node.text in ("min", "max"):
        arguments(node, "number", "number")
        left, right = (of_type(part, leaf, "number") for part in node.parts)
        unit = _unit(node, units.together, left.unit, right.unit)
        compute = min if node.text == "min" else max
        return Expression("number", unit, _both(left.run, right.run, compute))
    if node.text == "abs":
        arguments(node, "number")
        one = of_type(node.parts[0], leaf, "number")
        return Expression("number", one.unit, _one(one.run, abs))
    if node.text == "round":
        return _round(node, leaf)
    raise node.wrong(f"there is no function {node.text!r} here")


def _round(node: Node, leaf: Leaf[E]) -> Expression[E]:
    """Half even, to a number of places that stands in the formula."""
    arguments(node, "number", "places")
    number = of_type(node.parts[0], leaf, "number")
    places = of_type(node.parts[1], leaf, "number").constant
    if not isinstance(places, int) or not 0 <= places <= MOST_PLACES:
        raise node.parts[1].wrong(f"places are a whole number from 0 to {MOST_PLACES}")
    factor = 10**places

    def rounded(value: Any) -> Any:
        return Fraction(round(Fraction(value) * factor), factor)

    return Expression("number", number.unit, _one(number.run, rounded))


def arguments(node: Node, *names: str) -> None:
    """Refuse a call with another number of arguments."""
    if len(node.parts) != len(names):
        wanted = ", ".join(names)
        raise node.wrong(f"{node.text}({wanted}) takes {len(names)}, not {len(node.parts)}")


def _unit(node: Node, compute: Callable[[Unit, Unit], Unit], left: Unit, right: Unit) -> Unit:
    try:
        return compute(left, right)
    except UnitsDiffer as differ:
        raise node.wrong(f"units do not go together: {differ}", code="unit_mismatch") from None


def _both(one: Run[E], other: Run[E], compute: Callable[[Any, Any], Any]) -> Run[E]:
    def run(env: E) -> Value:
        left, right = one(env), other(env)
        if left is None or right is None:
            return None
        found: Value = compute(left, right)
        return found

    return run


def _one(one: Run[E], compute: Callable[[Any], Any]) -> Run[E]:
    def run(env: E) -> Value:
        value = one(env)
        found: Value = None if value is None else compute(value)
        return found

    return run


def _as_number(value: Value) -> int | Fraction:
    assert isinstance(value, int | Fraction)
    return value
