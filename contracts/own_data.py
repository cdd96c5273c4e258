"""Everything attendance keeps of one person, and the end of exact positions of one person."""

from typing import Literal, Self

from pydantic import Field, JsonValue

from contracts.attendance import Id
from contracts.envelope import CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.text import LongText

ExportSection = Literal[
    "person",
    "days",
    "absences",
    "corrections",
    "objections",
    "work_elsewhere",
    "positions",
    "refused_check_ins",
    "held_check_ins",
    "reviews",
    "reference_days",
    "recomputations",
    "looks",
]
SECTIONS: tuple[ExportSection, ...] = (
    "person",
    "days",
    "absences",
    "corrections",
    "objections",
    "work_elsewhere",
    "positions",
    "refused_check_ins",
    "held_check_ins",
    "reviews",
    "reference_days",
    "recomputations",
    "looks",
)
"""The parts of an export, in their order."""


class ExportPage(Value):
    """A page of one part of an export; ``next_cursor`` is null on the last."""

    items: tuple[dict[str, JsonValue], ...]
    next_cursor: str | None = None


class ExportPersonalData(QueryBody, name="attendance.export_personal_data"):
    """A page of one part of what is kept of a person."""

    employee: Id
    section: ExportSection
    cursor: str | None = Field(default=None, max_length=500)


class ForgetPositions(
    CommandBody, name="attendance.forget_positions", feature="attendance.own_data"
):
    """Remove every exact position of a person at once; answered with a job."""

    employee: Id
    reason: LongText


class PositionsForgetOrdered(EventData, type="attendance.positions.forget_ordered.v1", since="1.1"):
    """The exact positions of a person were ordered to be removed; what was derived stays."""

    employee: EmployeeId

    @classmethod
    def example(cls) -> Self:
        """An order about one person."""
        return cls(employee=EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01"))
