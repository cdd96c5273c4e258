"""Inside a list: expressions over one fact, which has a name in the text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rules.presets import city_schedule
from rules.working_time import working_minutes_between
from services.kpi.formulas.aggregates import AGGREGATES
from services.kpi.formulas.expressions import Expression, arguments, of_type
from services.kpi.formulas.rows import FIELDS, OWN_UNIT, Row, SourceName, place_of
from services.kpi.formulas.syntax import Node

LONGEST_SPAN_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Inside:
    """The level of one row, which has a name in the text."""

    name: str
    source: SourceName
    own_unit: str

    def leaf(self, node: Node) -> Expression[Row] | None:
        """Fields of the row, and the functions that only exist here."""
        if node.kind == "field":
            return self._field(node)
        if node.kind == "call" and node.text == "has":
            arguments(node, "field")
            one = self._field(node.parts[0]).run
            return Expression("truth", None, lambda row: one(row) is not None)
        if node.kind == "call" and node.text == "working_minutes":
            arguments(node, "from", "until")
            start, end = (of_type(part, self.leaf, "moment").run for part in node.parts)
            return Expression(
                "number", "working_minutes", lambda row: _working(start(row), end(row))
            )
        if node.kind == "call" and (node.text in AGGREGATES or node.text == "ratio"):
            raise node.wrong(f"{node.text} looks at a whole list and is not used inside one")
        if node.kind == "method":
            raise node.wrong("a list is not read inside another")
        return None

    def _field(self, node: Node) -> Expression[Row]:
        if node.kind != "field" or node.parts[0].kind != "name":
            raise node.wrong(f"a field is needed here, as in {self.name}.date")
        if node.parts[0].text != self.name:
            raise node.parts[0].wrong(f"{node.parts[0].text!r} is not known here")
        found = FIELDS[self.source].get(node.text)
        if found is None:
            known = ", ".join(FIELDS[self.source])
            raise node.wrong(f"{self.source} have no {node.text!r}; there are {known}")
        unit = self.own_unit if found.unit == OWN_UNIT else found.unit
        return Expression(found.type, unit, _reading(self.source, node.text))


def _reading(source: SourceName, name: str) -> Any:
    place = place_of(source, name)
    if place is not None:
        return lambda row: row.values[place]
    return {
        "date": lambda row: row.on.isoformat(),
        "month": lambda row: f"{row.on:%Y-%m}",
        "weekday": lambda row: row.on.isoweekday(),
        "agency": lambda row: row.agency,
    }[name]


def _working(start: Any, end: Any) -> int | None:
    """Working minutes of the city's ordinary hours; absent if turned round or too far apart."""
    if not isinstance(start, datetime) or not isinstance(end, datetime) or end < start:
        return None
    if (end - start).days > LONGEST_SPAN_DAYS:
        return None
    return working_minutes_between(start, end, city_schedule())
