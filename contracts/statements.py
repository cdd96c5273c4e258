"""What a person may know of what attendance keeps about them: days, changes, who looked."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.attendance import Id
from contracts.attendance_views import DayView
from contracts.envelope import QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.recaps import Month, RecapRow

Looked = Literal["days", "check_ins", "presence", "positions", "recap", "statement", "export"]
"""What somebody looked at."""

ChangeKind = Literal[
    "recorded",
    "imported",
    "from_device",
    "absence",
    "work_elsewhere",
    "general_act",
    "correction",
    "objection",
    "recomputed",
]


class AccessEntry(Value):
    """Somebody looked at a person's attendance; the same look within an hour is one entry.

    ``agency`` is set where it was a list of an agency's people. Looks at oneself are not kept.
    """

    at: AwareDatetime
    account: str
    person: PersonView | None = None
    on_behalf_of: str | None = None
    looked_at: Looked
    from_: Date | None = Field(default=None, alias="from")
    to: Date | None = None
    agency: str | None = None
    office: str | None = None

    model_config = {"populate_by_name": True}


class DayChange(Value):
    """Something that made a day what it is: what, when, by whom where that is not the person."""

    at: AwareDatetime | None
    date: Date
    kind: ChangeKind
    source: str
    by: str | None = None
    before: str | None = None
    after: str | None = None


class StatementView(Value):
    """A person's month: every day with its explanation, what changed it, who looked at it."""

    person: PersonView
    period: str
    days: tuple[DayView, ...]
    recap: RecapRow
    changes: tuple[DayChange, ...]
    looked_at: tuple[AccessEntry, ...]
    as_of: AwareDatetime


class GetStatement(QueryBody, name="attendance.get_statement"):
    """A month of one person with everything behind it."""

    employee: Id
    period: Month


class ListAccess(QueryBody, name="attendance.list_access"):
    """Who looked at a person's attendance, newest first."""

    employee: Id
    paging: Paging = Paging()
