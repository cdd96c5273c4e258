"""The lines of attendance machines: pushed by them, or read from their export files."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contracts.attendance import Pin, Serial
from contracts.attendance_terms import Direction
from contracts.envelope import CommandBody, QueryBody, Value
from contracts.paging import Paging

MOST_LINES = 500
"""So many lines are one message."""
MOST_CHARACTERS = 400
"""A longer line is cut; what counts stands at its beginning."""

LineText = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
Lines = Annotated[tuple[LineText, ...], Field(max_length=MOST_LINES)]
LineStatus = Literal["counted", "unmapped", "not_assigned", "implausible", "unreadable"]
"""What became of a line.

counted       part of a person's day
unmapped      its PIN is nobody's yet
not_assigned  its person had no post on that date, or no pattern was in force
implausible   the machine's clock was reset or ahead; corrected by a clock act
unreadable    kept as it came
"""


class StoreLines(CommandBody, name="attendance.store_lines", feature="attendance.device_lines"):
    """A machine pushes lines of its log; repeats and unreadable ones are welcome."""

    serial: Serial
    lines: Lines
    stamp: str | None = Field(default=None, max_length=40)


class ImportLines(CommandBody, name="attendance.import_lines", feature="attendance.device_lines"):
    """Lines of an export file of a machine; ``first`` is the number of the first one."""

    serial: Serial
    first: int = Field(ge=1)
    lines: Lines


class ReadLines(QueryBody, name="attendance.read_lines"):
    """What an import of these lines would do; stores nothing."""

    serial: Serial
    first: int = Field(ge=1)
    lines: Lines


class NoteOperations(
    CommandBody, name="attendance.note_device_operations", feature="attendance.device_lines"
):
    """A machine reports what was done at it: menus, restarts, its clock set."""

    serial: Serial
    lines: Lines


class ListLines(QueryBody, name="attendance.list_device_lines"):
    """The lines of a machine as they came, newest moment first."""

    serial: Serial
    status: tuple[LineStatus, ...] = ()
    pin: Pin | None = None
    paging: Paging = Paging()


class ListOperations(QueryBody, name="attendance.list_device_operations"):
    """What was done at a machine, newest first."""

    serial: Serial
    paging: Paging = Paging()


class OddLine(Value):
    """A line that does not count, and why."""

    line: int
    text: str
    detail: str


class LineRead(Value):
    """A line of a file that was understood, and whose it is."""

    line: int
    pin: str
    at: str
    direction: Direction | None
    employee_id: str | None = None


class LinesTaken(Value):
    """What became of lines: new ones of known people, repeats, and what does not count.

    ``lines`` = ``stored`` + ``duplicates`` + ``unmapped_lines`` + unreadable + implausible ones.
    """

    lines: int
    stored: int
    duplicates: int
    unmapped_lines: int
    unreadable: tuple[OddLine, ...]
    implausible: tuple[OddLine, ...]
    unmapped: tuple[str, ...]
    punches: tuple[LineRead, ...] = ()
