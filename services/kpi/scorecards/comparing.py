"""Two computations of one score: by other facts, by another moment's facts and rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from contracts.explanations import FactChange, LineDifference, ScoreDifference
from contracts.outcome import Refusal
from services.kpi.formulas.rows import KEPT, Row, SourceName, Value, text_of
from services.kpi.indicators.model import Book, Indicator
from services.kpi.indicators.observations import Observation
from services.kpi.scorecards.model import Line, Sheet

_CHANGEABLE: Mapping[SourceName, tuple[str, ...]] = {
    "days": ("status", "late_minutes", "early_minutes", "arrived"),
    "responses": (),
    "confirmations": ("rating",),
    "measurements": ("value",),
}


def changed(seen: Observation, change: FactChange) -> Observation:
    """What a fact would say if it were changed so; refused where it has no such field."""
    if change.removed:
        return replace(seen, row=None)
    said = change.model_dump(exclude={"fact", "removed"}, exclude_none=True)
    allowed = _CHANGEABLE[seen.source]
    for name in said:
        if name not in allowed:
            can = ", ".join(allowed) or "nothing but removed"
            raise Refusal.invalid(f"/change/{name}", f"{seen.source} have: {can}")
    if not said:
        raise Refusal.invalid("/change", "say what would be otherwise")
    row = seen.counted() or Row(seen.source, seen.on, seen.agency, (None,) * len(KEPT[seen.source]))
    fields: dict[str, Value] = dict(zip(KEPT[seen.source], row.values, strict=True))
    fields.update({name: _value(value) for name, value in said.items()})
    return replace(seen, row=text_of(seen.source, fields))


def _value(value: object) -> Value:
    if isinstance(value, bool | int | str):
        return value
    return Fraction(str(value))


def known_at(book: Book, moment: datetime) -> Book:
    """The versions that were approved by a moment; those of the product always were."""
    known = (one for one in book.versions if one.decided_at is None or one.decided_at <= moment)
    return Book(known)


def difference(subject: str, period: str, before: Sheet, after: Sheet) -> ScoreDifference:
    """Everything in which two sheets differ."""
    ruling_before, ruling_after = _ruling(before), _ruling(after)
    lines = []
    for code in dict.fromkeys((*ruling_before, *ruling_after)):
        line = _line(code, ruling_before, ruling_after, before.line(code), after.line(code))
        if _differs(line):
            lines.append(line)
    return ScoreDifference(
        subject=subject,
        period=period,
        score_before=before.score,
        score_after=after.score,
        lines=tuple(lines),
    )


def _ruling(sheet: Sheet) -> dict[str, Indicator]:
    found = {line.indicator.code: line.indicator for line in sheet.lines}
    return found | {one.code: one for one in sheet.missing}


def _line(
    code: str,
    before: Mapping[str, Indicator],
    after: Mapping[str, Indicator],
    was: Line | None,
    is_: Line | None,
) -> LineDifference:
    return LineDifference(
        indicator=code,
        version_before=before[code].version if code in before else None,
        version_after=after[code].version if code in after else None,
        value_before=was.value if was else None,
        value_after=is_.value if is_ else None,
        contribution_before=was.contribution if was else None,
        contribution_after=is_.contribution if is_ else None,
    )


def _differs(line: LineDifference) -> bool:
    before = (line.version_before, line.value_before, line.contribution_before)
    return before != (line.version_after, line.value_after, line.contribution_after)
