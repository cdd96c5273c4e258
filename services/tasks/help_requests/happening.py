"""What follows from every change of a help request: its line, its event, its next timer."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from contracts import tasks
from contracts.envelope import EmployeeId
from contracts.help_terms import HelpAction
from contracts.outcome import Decision
from rules.working_time import Schedule, add_working_days, zone
from services.tasks.help_requests.model import Change, Deed, Happening, HelpRequest
from services.tasks.help_requests.transitions import is_final
from services.tasks.service_levels.targets import SILENCE_CONFIRMS_AFTER_WORKING_DAYS

Outcome = Decision[HelpRequest]

_SHOWN = (
    "state",
    "title",
    "description",
    "skills",
    "people",
    "due",
    "receiving_agencies",
    "declined_agencies",
    "helping_agencies",
    "awaiting_approval",
    "attachments",
    "comments",
    "people_assigned",
    "question",
    "work",
    "summary",
    "links",
    "rating",
    "thanks",
)
"""The fields of a request whose change a reader of an older version has to be told."""


def facts(
    request: HelpRequest, type_: type[tasks.HelpRequestFacts], **other: Any
) -> tasks.HelpRequestFacts:
    """The event that states where the request stands now."""
    known: dict[str, Any] = {
        "responding_agency": request.responding_agency,
        "response_minutes": request.response_minutes,
        **other,
    }
    return type_(
        help_request=request.id,
        number=request.number,
        asking_agency=request.asking_agency,
        receiving_agencies=request.receiving_agencies,
        helping_agency=request.helping_agency,
        helping_agencies=request.helping_agencies,
        state=request.state,
        priority=request.priority,
        people=request.people,
        due=request.due,
        at=request.changed_at,
        requested_at=request.requested_at,
        people_assigned=request.people_assigned,
        response_target_minutes=request.response_target_of(request.responding_agency),
        completion_minutes=request.completion_minutes,
        completion_target_minutes=request.completion_target,
        waiting_for=request.waiting_for,
        waiting_since=request.waiting_since,
        rating=request.rating,
        imported=request.imported,
        sensitive=request.sensitive,
        **known,
    )


def happened(
    before: HelpRequest,
    after: HelpRequest,
    deed: Deed,
    action: HelpAction,
    type_: type[tasks.HelpRequestFacts],
    *,
    note: str = "",
    people: tuple[EmployeeId, ...] = (),
    explanation: tuple[Any, ...] = (),
    changes: tuple[Change, ...] = (),
    **other: Any,
) -> Outcome:
    """The change with its line in the time line, its event and the timer of the new state."""
    line = Happening(
        at=deed.at,
        action=action,
        before=before.state,
        after=after.state,
        by=deed.by,
        account=deed.account,
        agency=deed.agency,
        note=note,
        people=people,
        explanation=explanation,
        changed=changed_between(before, after),
        changes=changes,
    )
    if is_final(after.state):
        after = replace(after, awaiting_approval=())
    other.setdefault("acting_agency", deed.agency)
    clocked = timed(after, deed.schedule)
    stated = replace(clocked, timeline=(*clocked.timeline, line))
    return Decision(stated, (facts(stated, type_, **other),))


def changed_between(before: HelpRequest, after: HelpRequest) -> tuple[str, ...]:
    """The names of the fields that those who look at the request see changed."""
    return tuple(name for name in _SHOWN if getattr(before, name) != getattr(after, name))


def timed(request: HelpRequest, schedule: Schedule) -> HelpRequest:
    """The request with the timer its state asks for."""
    if request.state == "requested" or request.resumes == "requested":
        return replace(request, timer="expire", timer_at=request.due)
    if request.state == "delivered" and request.delivered_at is not None:
        silent = silence_ends(request.delivered_at, schedule)
        return replace(request, timer="auto-confirm" if silent else None, timer_at=silent)
    return replace(request, timer=None, timer_at=None)


def silence_ends(delivered_at: datetime, schedule: Schedule) -> datetime | None:
    """The end of the tenth working day after the day of a delivery."""
    here = zone(schedule.zone)
    day = add_working_days(
        delivered_at.astimezone(here).date(), SILENCE_CONFIRMS_AFTER_WORKING_DAYS, schedule
    )
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), here).astimezone(UTC)
