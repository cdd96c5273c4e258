"""Files of rows: CSV in UTF-8 (comma or semicolon) and the first sheet of an XLSX workbook."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.outcome import FieldError, Refusal

MAX_ROWS = 10_000
_MAX_UNPACKED = 64 * 1024 * 1024
_MAX_CELL = 4_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file (the heading is row 1) and its cells by column."""

    number: int
    cells: dict[str, str]


def read(
    content: bytes, media_type: str, *, columns: Sequence[str], required: Sequence[str]
) -> list[Row]:
    """The rows that are not empty; refuses a file that is not a table with these columns."""
    lines = _workbook(content) if media_type == XLSX else _csv(content)
    try:
        heading = [cell.strip().lower() for cell in next(lines)]
    except StopIteration:
        raise Refusal.invalid("/", "the file is empty") from None
    _check_heading(heading, columns, required)
    rows: list[Row] = []
    for number, line in enumerate(lines, start=2):
        cells = {name: cell.strip() for name, cell in zip(heading, line, strict=False) if name}
        if any(cells.values()):
            rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise Refusal.invalid("/", f"a file may have at most {MAX_ROWS} rows")
    return rows


def _check_heading(heading: list[str], columns: Sequence[str], required: Sequence[str]) -> None:
    problems = [
        FieldError(pointer=f"/{name}", detail="this column is missing from the heading")
        for name in required
        if name not in heading
    ]
    problems += [
        FieldError(pointer=f"/{name}", detail=f"not a column; known are {', '.join(columns)}")
        for name in heading
        if name and name not in columns
    ]
    problems += [
        FieldError(pointer=f"/{name}", detail="this column stands twice in the heading")
        for name in sorted({each for each in heading if each and heading.count(each) > 1})
    ]
    if problems:
        raise Refusal("validation_failed", errors=tuple(problems))


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("malformed", reason=f"not UTF-8 at byte {error.start}") from error
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Refusal("malformed", reason=f"not CSV: {error}") from error


def _workbook(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # a fifth of a process's start, for a few files a month
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MAX_UNPACKED:
                raise Refusal("body_too_large", limit_bytes=_MAX_UNPACKED)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines: Iterable[Sequence[Any]] = sheet.iter_rows(values_only=True)
        yield from ([_text(cell) for cell in line] for line in lines)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise Refusal("malformed", reason=f"not an XLSX workbook: {error}") from error


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)[:_MAX_CELL]
