"""From text to a small tree: what the parser reads, bounded, and only what formulas may hold."""

import re
import threading
from dataclasses import dataclass
from typing import Final

from celpy.celparser import CELParseError, CELParser
from lark import Token, Tree
from lark.exceptions import UnexpectedToken

from services.kpi.formulas.wrong import FormulaWrong

MOST_CHARACTERS: Final = 2_000
MOST_NODES: Final = 400
DEEPEST: Final = 24

_ALLOWED = re.compile(r"[A-Za-z0-9_.,()\[\]\"'+\-*/<>=!&|?:\s]")
_PASSED_ON = frozenset(
    {
        *("expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication"),
        *("unary", "member", "primary", "paren_expr"),
    }
)
_OPERATORS = {
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_in": "in",
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
}
_LITERALS = {"INT_LIT": "number", "FLOAT_LIT": "number", "STRING_LIT": "text", "BOOL_LIT": "truth"}
_NOT_HERE = {
    "member_index": "lists are not read by place",
    "dot_ident": "a name does not begin with a dot",
    "dot_ident_arg": "a name does not begin with a dot",
}
_PARSER = CELParser()
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: what it is, its own text, its parts, and where it begins."""

    kind: str
    text: str
    parts: tuple["Node", ...]
    line: int
    column: int

    def wrong(self, detail: str, *, code: str = "formula_invalid") -> FormulaWrong:
        """The refusal that points here."""
        return FormulaWrong(detail, self.line, self.column, code=code)


def read(text: str) -> Node:
    """The tree of a formula; raises :class:`FormulaWrong`."""
    _check_text(text)
    try:
        with _ONE_AT_A_TIME:
            tree = _PARSER.parse(text)
    except CELParseError as error:
        raise _not_understood(text, error) from None
    return _Reader().node(tree, 0, (1, 1))


def _check_text(text: str) -> None:
    """Bounds, and characters: without a backslash no string is slow to find the end of."""
    if len(text) > MOST_CHARACTERS:
        raise _at(text, MOST_CHARACTERS, f"a formula has at most {MOST_CHARACTERS} characters")
    depth = 0
    for place, character in enumerate(text):
        if not _ALLOWED.match(character):
            raise _at(text, place, f"the character {character!r} is not used in formulas")
        depth += (character in "([") - (character in ")]")
        if depth > DEEPEST:
            raise _at(text, place, f"brackets are nested at most {DEEPEST} deep")
    for three in ('"""', "'''"):
        if three in text:
            raise _at(text, text.index(three), "texts stand between single quotation marks")


def _at(text: str, place: int, detail: str) -> FormulaWrong:
    before = text[:place]
    return FormulaWrong(detail, before.count("\n") + 1, place - before.rfind("\n"))


def _not_understood(text: str, error: CELParseError) -> FormulaWrong:
    line, column = error.line, error.column
    if not text.strip():
        return FormulaWrong("the formula is empty", 1, 1)
    cause = error.__context__
    if isinstance(cause, UnexpectedToken) and cause.token.type == "$END":
        return _at(text, len(text.rstrip()), "the formula ends too early")
    if not isinstance(line, int) or not isinstance(column, int) or line < 1 or column < 1:
        return _at(text, len(text), "the formula ends too early")
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    found = re.match(r"\w+|.", rest.lstrip())
    return FormulaWrong(f"{found.group() if found else ''!r} is not expected here", line, column)


class _Reader:
    def __init__(self) -> None:
        self._count = 0

    def node(self, tree: Tree[Token] | Token, depth: int, around: tuple[int, int]) -> Node:
        """The node of a branch; branches that only pass on one other are skipped."""
        while isinstance(tree, Tree) and len(tree.children) == 1 and tree.data in _PASSED_ON:
            tree = tree.children[0]
        line, column = _place(tree) or around
        self._count += 1
        if self._count > MOST_NODES:
            raise FormulaWrong(f"a formula has at most {MOST_NODES} parts", line, column)
        if depth > MOST_NODES // 4:
            raise FormulaWrong("the formula is nested too deep", line, column)
        assert isinstance(tree, Tree)
        kind = str(tree.data)
        if kind in _NOT_HERE:
            raise FormulaWrong(_NOT_HERE[kind], line, column)
        if kind in _PASSED_ON:
            return self._operation(tree, kind, depth, line, column)
        return self._leaf(tree, kind, depth, line, column)

    def _leaf(self, tree: Tree[Token], kind: str, depth: int, line: int, column: int) -> Node:
        first = tree.children[0] if tree.children else None
        match kind:
            case "literal":
                return self._literal(first, line, column)
            case "ident":
                return Node("name", str(first), (), line, column)
            case "ident_arg":
                return Node("call", str(first), self._list(tree, 1, depth), line, column)
            case "list_lit":
                return Node("list", "", self._list(tree, 0, depth), line, column)
            case "member_dot":
                owner = self._node(tree, 0, depth)
                return Node("field", str(tree.children[1]), (owner,), line, column)
            case "member_dot_arg":
                parts = (self._node(tree, 0, depth), *self._list(tree, 2, depth))
                return Node("method", str(tree.children[1]), parts, line, column)
        raise FormulaWrong("this is not used in formulas", line, column)

    def _operation(self, tree: Tree[Token], kind: str, depth: int, line: int, column: int) -> Node:
        first = tree.children[0]
        name = str(first.data) if isinstance(first, Tree) else ""
        match kind:
            case "expr":
                parts = tuple(self._node(tree, place, depth) for place in range(3))
                return Node("choice", "?", parts, line, column)
            case "unary":
                operator = "!" if name == "unary_not" else "-"
                return Node("unary", operator, (self._node(tree, 1, depth),), line, column)
            case "conditionalor" | "conditionaland":
                operator = "||" if kind == "conditionalor" else "&&"
                left = self._node(tree, 0, depth)
            case _:
                assert isinstance(first, Tree)
                operator, left = _OPERATORS[name], self._node(first, 0, depth)
        return Node("binary", operator, (left, self._node(tree, 1, depth)), line, column)

    def _node(self, tree: Tree[Token], place: int, depth: int) -> Node:
        return self.node(tree.children[place], depth + 1, _place(tree) or (1, 1))

    def _list(self, tree: Tree[Token], place: int, depth: int) -> tuple[Node, ...]:
        if place >= len(tree.children):
            return ()
        several = tree.children[place]
        assert isinstance(several, Tree)
        around = _place(several) or (1, 1)
        return tuple(self.node(one, depth + 1, around) for one in several.children)

    @staticmethod
    def _literal(token: Tree[Token] | Token | None, line: int, column: int) -> Node:
        assert isinstance(token, Token)
        kind = _LITERALS.get(token.type)
        if kind is None or (kind == "text" and token[0] not in "\"'"):
            raise FormulaWrong(f"{token} is not used in formulas", line, column)
        text = str(token)[1:-1] if kind == "text" else str(token)
        if kind == "number" and not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text):
            detail = "a number has at most 15 digits, a point and 9 digits"
            raise FormulaWrong(detail, line, column)
        return Node(kind, text, (), line, column)


def _place(tree: Tree[Token] | Token) -> tuple[int, int] | None:
    """Where it begins; the parser forgets that of ``true`` and ``false``."""
    begin = tree if isinstance(tree, Token) else tree.meta
    line, column = getattr(begin, "line", None), getattr(begin, "column", None)
    return None if line is None or column is None else (line, column)
