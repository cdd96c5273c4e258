"""Absence without leave against the thresholds of PP 94/2021: signals, never sanctions."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import Code, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView

Year = Annotated[int, Field(ge=2_000, le=2_100)]

AbsenceLevel = Literal[
    "oral_reprimand",
    "written_reprimand",
    "statement_of_dissatisfaction",
    "allowance_cut_6_months",
    "allowance_cut_9_months",
    "allowance_cut_12_months",
    "one_level_down_12_months",
    "to_executor_post_12_months",
    "dismissal",
    "dismissal_for_ten_days_in_a_row",
]


class AbsenceSignal(Value):
    """A person whose absences of a year have reached a threshold; a person decides what follows.

    ``level`` is null for those to whom PP 94/2021 does not apply: ``law`` names what does.
    ``in_a_row`` counts working days one after the other; free days between them do not count.
    """

    person: PersonView
    days: int
    in_a_row: int
    level: AbsenceLevel | None
    law: str
    text: str
    first: Date
    last: Date


class AbsenceSignals(Value):
    """The signals of a year, most days first."""

    agency: str
    year: int
    items: tuple[AbsenceSignal, ...]
    next_cursor: str | None = None
    as_of: AwareDatetime


class ListAbsenceSignals(QueryBody, name="attendance.list_absence_signals"):
    """Who has reached a threshold of absence in a year; those below included unless exact."""

    agency: Code
    year: Year
    exact: bool = False
    paging: Paging = Paging()
