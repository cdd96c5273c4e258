"""What tasks are made from and found by again: templates, recurrences, saved filters."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Annotated, Any, ClassVar, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.directory import Day
from contracts.envelope import (
    AgencyCode,
    CommandBody,
    EmployeeId,
    EventData,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.text import ShortText
from contracts.work_items import TaskFilter, TaskWanted
from contracts.work_terms import Assignees, Due, TaskId

FEATURE = "tasks.work_plans"

Rule = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=200)
]
"""A recurrence rule of RFC 5545 without its start, as `FREQ=WEEKLY;BYDAY=MO,TH`."""

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
MOST_AHEAD = 60


class TemplateWanted(Value):
    """A task to be made again and again by hand, and how many working days it then has."""

    name: ShortText
    task: TaskWanted
    due_in_working_days: int | None = Field(default=None, ge=0, le=250, strict=True)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Pegawai baru",
                    "task": {
                        "title": "Siapkan akun dan meja",
                        "checklist": ["akun", "kartu", "meja"],
                    },
                    "due_in_working_days": 3,
                }
            ]
        }
    )


class RecurrenceWanted(Value):
    """A task that is made by itself: by which rule, from which day, and how long ahead.

    Each is due at `due_time` of its day, in the agency's zone, and made `ahead_days` before.
    """

    name: ShortText
    task: TaskWanted
    rule: Rule
    starts_on: Day
    due_time: TimeOfDay = "16:00"
    ahead_days: int = Field(default=7, ge=0, le=MOST_AHEAD, strict=True)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Rekap mingguan",
                    "task": {"title": "Susun rekap mingguan", "labels": ["rekap"]},
                    "rule": "FREQ=WEEKLY;BYDAY=FR",
                    "starts_on": "2026-12-04",
                    "due_time": "14:00",
                    "ahead_days": 3,
                }
            ]
        }
    )


class FilterWanted(Value):
    """A filter under a name; a `shared` one is there for everybody of the agency."""

    name: ShortText
    filter: TaskFilter
    sort: str | None = Field(default=None, max_length=60, pattern=r"^-?[a-z_]+$")
    shared: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Mendesak dan belum selesai",
                    "filter": {"priority": ["urgent"], "state": ["open", "in_progress"]},
                    "sort": "due",
                    "shared": True,
                }
            ]
        }
    )


class AddTemplate(CommandBody, name="tasks.add_template", feature=FEATURE):
    """Somebody keeps a task as a template."""

    wanted: TemplateWanted


class AddRecurrence(CommandBody, name="tasks.add_recurrence", feature=FEATURE):
    """Somebody lets a task be made by itself."""

    wanted: RecurrenceWanted


class AddFilter(CommandBody, name="tasks.add_filter", feature=FEATURE):
    """Somebody keeps a filter under a name."""

    wanted: FilterWanted


class _OnPlan(Value):
    """Which one it is about; ``if_match`` is the version the caller has seen."""

    id: TaskId
    if_match: int | None = Field(default=None, ge=0)


class PutTemplate(_OnPlan, CommandBody, name="tasks.put_template", feature=FEATURE):
    """A template is written anew; tasks made from it stay as they are."""

    wanted: TemplateWanted


class PutRecurrence(_OnPlan, CommandBody, name="tasks.put_recurrence", feature=FEATURE):
    """A recurrence is written anew; tasks made by it stay as they are."""

    wanted: RecurrenceWanted


class PutFilter(_OnPlan, CommandBody, name="tasks.put_filter", feature=FEATURE):
    """A filter is written anew."""

    wanted: FilterWanted


class RemovePlan(_OnPlan, CommandBody, name="tasks.remove_plan", feature=FEATURE):
    """A template, recurrence or filter is not wanted any more."""

    kind: str


class FromTemplate(Value):
    """What is different this time; what is left out is as the template has it."""

    title: ShortText | None = None
    assignees: Assignees | None = None
    due: Due | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Siapkan akun Bu Rina"}]})


class MakeFromTemplate(FromTemplate, CommandBody, name="tasks.make_from_template", feature=FEATURE):
    """A task is made from a template."""

    template: TaskId


class PlanView(Value):
    """What every plan shows: whose it is and what the caller may do with it."""

    id: str
    agency: str
    name: str
    created_at: AwareDatetime
    created_by: PersonView | None = None
    actions: tuple[str, ...] = ()
    version: int


class TemplateView(PlanView):
    """A template."""

    task: TaskWanted
    due_in_working_days: int | None = None


class RecurrenceView(PlanView):
    """A recurrence; `next_on` is the day of the next task that is not made yet, null at the end."""

    task: TaskWanted
    rule: str
    starts_on: Date
    due_time: str
    ahead_days: int
    next_on: Date | None = None
    made: int = 0
    missed: int = 0


class SavedFilterView(PlanView):
    """A saved filter; `GET /v1/tasks?filter=` takes its id."""

    filter: TaskFilter
    sort: str | None = None
    shared: bool = False


class ListTemplates(Paging, QueryBody, name="tasks.list_templates"):
    """The templates the caller may use."""


class ListRecurrences(Paging, QueryBody, name="tasks.list_recurrences"):
    """The recurrences the caller may see."""


class ListFilters(Paging, QueryBody, name="tasks.list_filters"):
    """The caller's filters, and those shared in the agency."""


class GetTemplate(QueryBody, name="tasks.get_template"):
    """One template."""

    id: TaskId


class GetRecurrence(QueryBody, name="tasks.get_recurrence"):
    """One recurrence."""

    id: TaskId


class GetFilter(QueryBody, name="tasks.get_filter"):
    """One saved filter."""

    id: TaskId


class PlanFacts(EventData):
    """A plan and whose it is; no name and no text."""

    plan: str
    agency: AgencyCode
    at: AwareDatetime
    by: EmployeeId | None = None

    _more: ClassVar[dict[str, Any]] = {}

    @classmethod
    def example(cls) -> Self:
        """A plan of the personnel agency."""
        return cls(
            plan="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a41",
            agency=AgencyCode("BKPSDM"),
            at="2026-11-24T01:20:00Z",  # type: ignore[arg-type]  # pydantic reads it
            by=EmployeeId("0198f6a2-0000-7000-8000-000000000001"),
            **cls._more,
        )


class TemplateChanged(PlanFacts, type="tasks.template.changed.v1"):
    """A template was made, written anew, or removed."""

    removed: bool = False


class RecurrenceChanged(PlanFacts, type="tasks.recurrence.changed.v1"):
    """A recurrence was made, written anew, or removed."""

    removed: bool = False


class RecurrenceCameRound(PlanFacts, type="tasks.recurrence.came_round.v1"):
    """The task of a day was made, or its day had passed (``task`` is then null)."""

    date: Date
    task: str | None = None

    _more: ClassVar[dict[str, Any]] = {"date": Date(2026, 12, 4)}


class FilterChanged(PlanFacts, type="tasks.filter.changed.v1"):
    """A saved filter was made, written anew, or removed."""

    removed: bool = False
