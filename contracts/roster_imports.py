"""Duty rosters from a file: rows of who has which shift on which day."""

from pydantic import Field

from contracts.absence_imports import Language
from contracts.envelope import Code, CommandBody
from contracts.people import FileType
from contracts.policies import Month


class ImportRoster(CommandBody, name="attendance.import_roster", feature="attendance.rosters"):
    """Enter rows of a roster; ``content`` is the file in base64.

    What the file does not name stays as it is. ``language`` is that of the sentences about rows
    that cannot be taken.
    """

    agency: Code
    period: Month
    content: str = Field(max_length=4_000_000, repr=False)
    media_type: FileType
    dry_run: bool = False
    language: Language = "id"
