"""Absences taken over from the personnel system by file: what it approved there counts here."""

from typing import Literal

from pydantic import Field

from contracts.envelope import CommandBody
from contracts.people import FileType

Language = Literal["id", "en"]


class ImportAbsences(
    CommandBody, name="attendance.import_absences", feature="attendance.absence_imports"
):
    """Take over approved absences from a file; ``content`` is the file in base64.

    ``language`` is that of the sentences about rows that cannot be taken.
    """

    content: str = Field(max_length=4_000_000, repr=False)
    media_type: FileType
    dry_run: bool = False
    language: Language = "id"
