"""Templates, recurrences and saved filters, and what becomes of them; pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar

from contracts import work_plans as told
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from contracts.work_items import TaskFilter, TaskWanted
from contracts.work_plans import FilterWanted, RecurrenceWanted, TemplateWanted
from rules.working_time import Schedule, add_working_days, zone
from services.tasks.work_items.model import Deed
from services.tasks.work_plans.rule import next_on

Kind = Literal["template", "recurrence", "filter"]
LATEST = timedelta(days=7)
"""A task whose day has passed longer ago than this is not made any more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What templates, recurrences and filters share; texts of pydantic models are kept as JSON."""

    agency: AgencyCode
    name: str
    created_at: datetime
    created_by: EmployeeId | None
    account: str
    changed_at: datetime
    removed: bool = False
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Template(Plan):
    """A task to be made by hand again and again."""

    task: str = "{}"
    due_in_working_days: int | None = None

    @property
    def wanted(self) -> TaskWanted:
        """The task as it is made."""
        return TaskWanted.model_validate_json(self.task)


@dataclass(frozen=True, slots=True)
class Recurrence(Plan):
    """A task that is made by itself; ``make_at`` is the moment for the next, if there is one."""

    task: str = "{}"
    rule: str = ""
    starts_on: date = date.min
    due_time: str = "16:00"
    ahead_days: int = 0
    next_on: date | None = None
    make_at: datetime | None = None
    made: int = 0
    missed: int = 0

    @property
    def wanted(self) -> TaskWanted:
        """The task as it is made."""
        return TaskWanted.model_validate_json(self.task)

    def due_on(self, day: date, zone_name: str) -> datetime:
        """When the task of this day is due."""
        return datetime.combine(day, time.fromisoformat(self.due_time), zone(zone_name))


@dataclass(frozen=True, slots=True)
class SavedFilter(Plan):
    """A filter under a name."""

    filter: str = "{}"
    sort: str | None = None

    @property
    def wanted(self) -> TaskFilter:
        """The filter itself."""
        return TaskFilter.model_validate_json(self.filter)


P = TypeVar("P", Template, Recurrence, SavedFilter)


def template_of(
    known: Template | None, id_: str, wanted: TemplateWanted, agency: AgencyCode, deed: Deed
) -> Decision[Template]:
    """A template, new or written anew."""
    plan = known or Template(agency, wanted.name, deed.at, deed.by, deed.account, deed.at)
    after = replace(
        plan,
        name=wanted.name,
        task=wanted.task.model_dump_json(),
        is_shared=not wanted.task.private,
        due_in_working_days=wanted.due_in_working_days,
        changed_at=deed.at,
    )
    event = told.TemplateChanged(plan=id_, agency=after.agency, at=deed.at, by=deed.by)
    return Decision(after, (event,))


def recurrence_of(
    known: Recurrence | None,
    id_: str,
    wanted: RecurrenceWanted,
    agency: AgencyCode,
    deed: Deed,
    *,
    zone_name: str,
) -> Decision[Recurrence]:
    """A recurrence, new or written anew: from today on, never twice for a day that was made."""
    plan = known or Recurrence(agency, wanted.name, deed.at, deed.by, deed.account, deed.at)
    today = deed.at.astimezone(zone(zone_name)).date()
    earliest = max(wanted.starts_on, today)
    if known is not None and known.next_on is not None and known.made:
        earliest = max(earliest, known.next_on)
    elif known is not None and known.made:
        earliest = max(earliest, today + timedelta(days=known.ahead_days + 1))
    after = replace(
        plan,
        name=wanted.name,
        task=wanted.task.model_dump_json(),
        is_shared=not wanted.task.private,
        rule=wanted.rule,
        starts_on=wanted.starts_on,
        due_time=wanted.due_time,
        ahead_days=wanted.ahead_days,
        changed_at=deed.at,
    )
    following = next_on(after.rule, after.starts_on, earliest)
    event = told.RecurrenceChanged(plan=id_, agency=after.agency, at=deed.at, by=deed.by)
    return Decision(_waiting(after, following, zone_name), (event,))


def came_round(
    plan: Recurrence, id_: str, day: date, task: str | None, *, at: datetime, zone_name: str
) -> Decision[Recurrence]:
    """The task of a day was made (or its day had passed): the next one waits. Once for a day."""
    if plan.removed or plan.next_on != day:
        return Decision(plan)
    following = next_on(plan.rule, plan.starts_on, day + timedelta(days=1))
    counted = replace(
        plan, made=plan.made + (task is not None), missed=plan.missed + (task is None)
    )
    event = told.RecurrenceCameRound(plan=id_, agency=plan.agency, at=at, date=day, task=task)
    return Decision(_waiting(counted, following, zone_name), (event,))


def filter_of(
    known: SavedFilter | None, id_: str, wanted: FilterWanted, agency: AgencyCode, deed: Deed
) -> Decision[SavedFilter]:
    """A saved filter, new or written anew."""
    plan = known or SavedFilter(agency, wanted.name, deed.at, deed.by, deed.account, deed.at)
    after = replace(
        plan,
        name=wanted.name,
        filter=wanted.filter.model_dump_json(),
        sort=wanted.sort,
        is_shared=wanted.shared,
        changed_at=deed.at,
    )
    event = told.FilterChanged(plan=id_, agency=after.agency, at=deed.at, by=deed.by)
    return Decision(after, (event,))


def removed(plan: P, id_: str, deed: Deed) -> Decision[P]:
    """It is not wanted any more; what was made from it stays."""
    after = replace(plan, removed=True, changed_at=deed.at)
    if isinstance(after, Recurrence):
        after = replace(after, next_on=None, make_at=None)
    events = {
        Template: told.TemplateChanged,
        Recurrence: told.RecurrenceChanged,
        SavedFilter: told.FilterChanged,
    }
    event = events[type(plan)](plan=id_, agency=plan.agency, at=deed.at, by=deed.by, removed=True)
    return Decision(after, (event,))


def is_too_late(day: date, today: date) -> bool:
    """Whether the day of a task has passed so long ago that it is not made any more."""
    return day < today - LATEST


def due_after(made_at: datetime, working_days: int | None, schedule: Schedule) -> datetime | None:
    """The end of the n-th working day after a task is made from a template."""
    if working_days is None:
        return None
    here = zone(schedule.zone)
    start = made_at.astimezone(here).date()
    day = add_working_days(start, working_days, schedule) if working_days else start
    if day is None:
        raise Refusal("no_pattern_in_force", agency="", on=start.isoformat())
    return datetime.combine(day, time(23, 59, 59), here)


def _waiting(plan: Recurrence, following: date | None, zone_name: str) -> Recurrence:
    if following is None:
        return replace(plan, next_on=None, make_at=None)
    early = following - timedelta(days=plan.ahead_days)
    make_at = datetime.combine(early, time(), zone(zone_name))
    return replace(plan, next_on=following, make_at=make_at)
