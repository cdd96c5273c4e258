"""Rows as files: CSV piece by piece, and workbooks written row by row.

A text that a spreadsheet would take for a formula is made a text again: whoever may choose their
own name must not run anything on the machine of who reads the recap.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | float
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_IN_MEMORY = 4 * 1024 * 1024
_PIECE = 64 * 1024
_WIDEST = 60


def guarded(cell: Cell) -> Cell:
    """The cell; a text that begins like a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as RFC 4180 has them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


class Book:
    """A workbook that is written row by row; nothing of it is kept but the file under way."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)

    def sheet(self, title: str, heading: Sequence[str]) -> "Sheet":
        """A new sheet with a heading that stays in view."""
        return Sheet(self._book, title, heading)

    def file(self) -> IO[bytes]:
        """The finished workbook, on disk where it is large; closing it forgets it."""
        made: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # handed on
        self._book.save(made)
        made.seek(0)
        return made


class Sheet:
    """A sheet under way."""

    def __init__(self, book: Workbook, title: str, heading: Sequence[str]) -> None:
        self._sheet = book.create_sheet(title)
        self._sheet.freeze_panes = "A2"
        for place, text in enumerate(heading, start=1):
            width = min(_WIDEST, max(10, len(text) + 2))
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        self._sheet.append([self._bold(text) for text in heading])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below what is there."""
        for row in rows:
            self._sheet.append([guarded(cell) for cell in row])

    def _bold(self, text: str) -> object:
        cell = WriteOnlyCell(self._sheet, value=guarded(text))
        cell.font = Font(bold=True)
        return cell


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece; closed at the end, also when nobody reads on."""
    with file:
        while piece := file.read(_PIECE):
            yield piece
