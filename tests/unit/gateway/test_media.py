"""What a file is told to be, and what its bytes say."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from gateway.media import media_type_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD = ("[Content_Types].xml", "word/document.xml")
ODT = "application/vnd.oasis.opendocument.text"


def a_workbook():
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def a_pdf():
    made = io.BytesIO()
    page = Canvas(made)
    page.drawString(10, 10, "Surat")
    page.save()
    return made.getvalue()


def an_archive(names, first=None):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if first is not None:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def test_documents_of_libraries_are_what_they_are():
    assert media_type_of(io.BytesIO(a_workbook()), XLSX) == XLSX
    assert media_type_of(io.BytesIO(a_pdf()), "application/pdf") == "application/pdf"


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "image/webp"),
        (b"nama,jumlah\nSiti,3\n", "text/csv; charset=utf-8", "text/csv"),
        ("Catatan: naïve — 100 %\n".encode(), "text/plain", "text/plain"),
        (an_archive(WORD), DOCX, DOCX),
        (an_archive(["content.xml"], first=ODT), ODT, ODT),
        # what is not what it says
        (b"\x89PNG\r\n\x1a\n....", "image/jpeg", None),
        (b"MZ\x90\0program", "application/pdf", None),
        (b"<html><script>alert(1)</script>", "text/plain", None),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "text/csv", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", None),
        (b"#!/bin/sh\nrm -rf /\n", "text/plain", None),
        (b"half a \xe2\x82", "text/plain", None),
        (b"nul \0 inside", "text/plain", None),
        (b"\xff\xfenot utf-8", "text/plain", None),
        (
            an_archive([*WORD, "word/vbaProject.bin"]),
            DOCX,
            None,
        ),
        (an_archive(["run.exe"]), DOCX, None),
        (an_archive(["content.xml"], first="application/x-evil"), ODT, None),
        (b"PK\x03\x04 broken", XLSX, None),
        (a_workbook(), "application/zip", None),
        (b"%PDF-1.7", "", None),
    ],
)
def test_only_what_is_kept_and_is_what_it_says(content, declared, found):
    assert media_type_of(io.BytesIO(content), declared) == found


def test_a_character_may_lie_across_two_pieces():
    text = "a" * (256 * 1024 - 1) + "é" + "b" * 10

    assert media_type_of(io.BytesIO(text.encode()), "text/plain") == "text/plain"
