"""What a file is, told from its bytes; what a caller says about it is believed only within that."""

import zipfile
from typing import IO, get_args

from contracts.uploads import MediaType

ALLOWED: tuple[MediaType, ...] = get_args(MediaType)

_HEAD = 16
_MOST_ENTRIES = 10_000
_PIECE = 256 * 1024
_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_OOXML: dict[str, MediaType] = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}
_ODF: dict[bytes, MediaType] = {
    b"application/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"application/vnd.oasis.opendocument.spreadsheet": (
        "application/vnd.oasis.opendocument.spreadsheet"
    ),
    b"application/vnd.oasis.opendocument.presentation": (
        "application/vnd.oasis.opendocument.presentation"
    ),
}
_MACROS = ("vbaproject.bin", "basic/script-lc.xml")
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"#!")


def media_type_of(file: IO[bytes], declared: str) -> MediaType | None:
    """The media type of a whole file, or None where it is none that is kept.

    ``declared`` must name the same type; for text it chooses between ``text/plain`` and
    ``text/csv``. Nothing is unpacked: of an archive only the list of names is read.
    """
    told = declared.partition(";")[0].strip().lower()
    if told in {"text/plain", "text/csv"}:
        return told if _is_text(file) else None  # type: ignore[return-value]  # one of the two
    found = _by_magic(file)
    return found if found == told else None


def _by_magic(file: IO[bytes]) -> MediaType | None:
    file.seek(0)
    head = file.read(_HEAD)
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return _office(file) if head.startswith(b"PK\x03\x04") else None


def _office(file: IO[bytes]) -> MediaType | None:
    """A document of an office program without macros."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > _MOST_ENTRIES or _has_macros(names):
                return None
            if names and names[0] == "mimetype":
                return _odf(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for name, kind in _OOXML.items() if name in names), None)


def _odf(archive: zipfile.ZipFile) -> MediaType | None:
    entry = archive.getinfo("mimetype")
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > 100:
        return None
    return _ODF.get(archive.read(entry))


def _has_macros(names: list[str]) -> bool:
    return any(name.lower().endswith(_MACROS) for name in names)


def _is_text(file: IO[bytes]) -> bool:
    """UTF-8 without control characters, and nothing that a browser or a shell takes for its own."""
    file.seek(0)
    start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return False
    file.seek(0)
    rest = b""
    while piece := file.read(_PIECE):
        whole = rest + piece
        if b"\0" in piece:
            return False
        try:
            whole.decode()
            rest = b""
        except UnicodeDecodeError as error:
            if error.end != len(whole) or len(whole) - error.start > 3:
                return False
            rest = whole[error.start :]  # a character that the next piece ends
    return not rest
