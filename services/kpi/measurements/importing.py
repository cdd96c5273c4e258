"""A file of measurements: every row is checked, the good ones are recorded."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from contracts.envelope import Command
from contracts.measurements import ImportMeasurements, MeasurementRequest, MeasurementsImported
from contracts.outcome import Problem, Refusal
from contracts.people import RejectedRow
from kit.storage.aggregates import Cause
from kit.tables import Row, read
from services.kpi.context import Kpi
from services.kpi.measurements.model import Entry, id_of, record, says_the_same
from services.kpi.measurements.recording import Checked, checked

COLUMNS = ("indicator", "subject", "period", "value", "evidence")
_AT_ONCE = 64
_SAYS = {
    "indicator": "the code of an indicator",
    "subject": "the id of a person, the code of an agency, or city",
    "period": "a month as YYYY-MM",
    "value": "a number with at most six places, or empty to take a value back",
    "evidence": "3 to 500 characters",
}


@dataclass(frozen=True, slots=True)
class _Good:
    row: int
    request: MeasurementRequest
    found: Checked


async def carry_out(command: Command[ImportMeasurements], kpi: Kpi) -> MeasurementsImported:
    """Check every row, and record the good ones unless it is a dry run."""
    body = command.body
    rows = await asyncio.to_thread(_rows, body)
    good, bad = await _check(rows, command, kpi)
    unchanged = await _known(good, kpi)
    if not body.dry_run:
        bad += await _record([one for one in good if one.row not in unchanged], command, kpi)
    return MeasurementsImported(
        dry_run=body.dry_run,
        accepted=len(good) - len(unchanged),
        unchanged=len(unchanged),
        rejected=tuple(sorted(bad, key=lambda one: (one.row, one.column or ""))),
    )


def _rows(body: ImportMeasurements) -> list[Row]:
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Refusal("malformed", reason="not base64") from error
    return read(content, body.media_type, columns=COLUMNS, required=COLUMNS)


async def _check(
    rows: Sequence[Row], command: Command[ImportMeasurements], kpi: Kpi
) -> tuple[list[_Good], list[RejectedRow]]:
    good: list[_Good] = []
    bad: list[RejectedRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        try:
            request = MeasurementRequest.model_validate(
                {**row.cells, "value": row.cells.get("value") or None}
            )
        except ValidationError as error:
            columns = {str(one["loc"][0]) for one in error.errors()}
            bad += [_bad(row.number, column, _SAYS[column]) for column in sorted(columns)]
            continue
        key = (request.indicator, request.subject, request.period)
        if key in seen:
            bad.append(_bad(row.number, None, f"row {seen[key]} says it already"))
            continue
        seen[key] = row.number
        try:
            found = await checked(request, command.actor, "file", kpi)
        except Refusal as refusal:
            bad.append(_refused(row.number, refusal.problem))
        else:
            good.append(_Good(row.number, request, found))
    return good, bad


async def _known(good: Sequence[_Good], kpi: Kpi) -> set[int]:
    """The rows that say what rules already."""
    ids = {one.row: _id(one) for one in good}
    stored = await kpi.measurements.get_many(list(ids.values()))
    return {
        one.row
        for one in good
        if (known := stored.get(ids[one.row])) is not None
        and says_the_same(known.state, one.request.value)
    }


async def _record(
    good: Sequence[_Good], command: Command[ImportMeasurements], kpi: Kpi
) -> list[RejectedRow]:
    bad: list[RejectedRow] = []
    for start in range(0, len(good), _AT_ONCE):
        portion = good[start : start + _AT_ONCE]
        done = await asyncio.gather(
            *(_record_one(one, command, kpi) for one in portion), return_exceptions=True
        )
        for one, outcome in zip(portion, done, strict=True):
            if isinstance(outcome, Refusal):
                bad.append(_refused(one.row, outcome.problem))
            elif isinstance(outcome, BaseException):
                raise outcome
    return bad


async def _record_one(one: _Good, command: Command[ImportMeasurements], kpi: Kpi) -> None:
    request, found = one.request, one.found
    by, at = command.actor.account, command.received_at
    entry = Entry(request.value, request.evidence, "file", by, at)
    await kpi.measurements.change(
        _id(one),
        lambda known: record(known, found.subject, found.indicator, request.period, entry),
        Cause.derived(command, "row", _id(one)),
    )


def _id(one: _Good) -> str:
    return id_of(one.request.indicator, one.found.subject.id, one.request.period)


def _bad(row: int, column: str | None, detail: str) -> RejectedRow:
    return RejectedRow(row=row, column=column, detail=detail)


def _refused(row: int, problem: Problem) -> RejectedRow:
    if not problem.errors:
        return _bad(row, None, problem.code)
    first = problem.errors[0]
    return _bad(row, first.pointer.strip("/") or None, first.detail)
