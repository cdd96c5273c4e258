"""Rows as files: read back as they were, and nothing in them runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gateway.accepted import preferred
from gateway.tables import CSV, XLSX, Book, csv_lines, guarded, pieces

JSON = "application/json"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


@pytest.mark.parametrize(
    "text", ["=1+1", "+628", "-2", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")', "\r=1"]
)
def test_a_text_that_begins_like_a_formula_is_a_text(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-5, 0, 1.5, "Sri=1", "", "Budi"])
def test_other_cells_stay_as_they_are(cell):
    assert guarded(cell) == cell


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_csv_is_read_back_and_no_cell_begins_like_a_formula(rows):
    found = list(csv.reader(io.StringIO(csv_lines(rows), newline="")))

    assert found == [[str(guarded(cell)) for cell in row] for row in rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)


def test_a_workbook_is_read_back_with_its_sheets_and_without_formulas():
    book = Book()
    first = book.sheet("Rekap", ["Nama", "Menit"])
    first.add([["=1+1", -5], ["Sri", 3]])
    book.sheet("Penjelasan", ["Kolom"]).add([["Nama"]])

    content = b"".join(pieces(book.file()))

    read = load_workbook(io.BytesIO(content))
    assert read.sheetnames == ["Rekap", "Penjelasan"]
    rows = [[cell.value for cell in row] for row in read["Rekap"]]
    assert rows == [["Nama", "Menit"], ["'=1+1", -5], ["Sri", 3]]
    assert {cell.data_type for row in read["Rekap"] for cell in row} == {"s", "n"}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        (XLSX, XLSX),
        ("text/*", CSV),
        ("application/*", JSON),
        ("text/csv;q=0.5, application/json", JSON),
        ("text/csv, application/json;q=0.9", CSV),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        (f"application/json;q=0, {XLSX};q=0.1", XLSX),
        ("image/png", JSON),
        ("text/csv;q=abc", JSON),
        (",;,", JSON),
    ],
)
def test_the_form_is_the_one_the_caller_weighs_most(accept, form):
    assert preferred(accept, (JSON, CSV, XLSX)) == form
