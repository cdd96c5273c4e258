"""A person's day at a glance: parts of several services, asked at once, each with a deadline.

A part that is late is null and named in ``missing``; the others do not wait for it.
"""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field
from pydantic_core import from_json

from contracts.approvals import ListApprovals
from contracts.attendance import GetDay, GetPresence
from contracts.attendance_views import DayView, ExpectedView, PresenceView
from contracts.envelope import EmployeeId, QueryBody, Value
from contracts.help_requests import ListHelpRequests
from contracts.kpi import GetEmployeeScorecard
from contracts.notifications import ListNotifications
from contracts.paging import Paging
from contracts.work_items import ListTasks
from contracts.work_terms import TaskState
from gateway.call import CallContext
from kit.messaging.client import Unavailable

PART_DEADLINE_S = 1.0
MOST_COUNTED = 100
_UNFINISHED: tuple[TaskState, ...] = ("open", "in_progress", "waiting")

Part = dict[str, Any] | None


class TodayView(Value):
    """Today: when the caller is expected, what was recorded, where they are, what comes next."""

    expected: ExpectedView | None = None
    day: DayView | None = None
    presence: PresenceView | None = None
    next_change: AwareDatetime | None = None


class HomeCounts(Value):
    """What waits for the caller; counted up to 100."""

    inbox: int | None = Field(description="Help requests that the caller's agencies must answer.")
    approvals: int | None = Field(description="Decisions that wait for the caller.")
    tasks: int | None = Field(
        description="Help and tasks that the caller is assigned to and not done with."
    )
    notifications: int | None = Field(description="What the caller was told and has not read.")


class HomeView(Value):
    """The caller's home page; a part that was late is null and named in ``missing``."""

    today: TodayView
    counts: HomeCounts
    score: str | None = Field(description="The running score of the month, four places.")
    missing: tuple[str, ...]


class _Late(Exception):
    """A part did not come in time."""


async def gather_home(call: CallContext, zone: ZoneInfo) -> dict[str, Any]:
    """Ask for every part at once and put together what comes in time."""
    person = call.actor.employee
    agencies = tuple(scope for scope in call.actor.scopes("head") if scope != "*")
    questions: dict[str, Awaitable[Part]] = {}
    if person is not None:
        today = call.received_at.astimezone(zone).date()
        questions = {
            "day": _ask(call, GetDay(employee=person, date=today)),
            "presence": _ask(call, GetPresence(employee_id=person)),
            "tasks": _ask_both(call, _open_help(person), _open_tasks(person)),
            "approvals": _ask(call, ListApprovals(limit=MOST_COUNTED)),
            "notifications": _ask(call, ListNotifications(paging=Paging(limit=1))),
            "score": _ask(call, GetEmployeeScorecard(employee=person)),
        }
    if agencies:
        questions["inbox"] = _ask(call, _waiting_requests(agencies))
    answers = await asyncio.gather(*questions.values(), return_exceptions=True)
    return _put_together(dict(zip(questions, answers, strict=True)), call.received_at)


async def _ask(call: CallContext, body: QueryBody) -> Part:
    try:
        answer = await call.ask(body, deadline_s=PART_DEADLINE_S)
    except Unavailable as error:
        raise _Late from error
    if answer.behind:
        raise _Late
    if answer.problem is not None or answer.result is None:
        return None  # there is nothing, or nothing for this caller
    told: dict[str, Any] = from_json(answer.result)
    return told


async def _ask_both(call: CallContext, one: QueryBody, other: QueryBody) -> Part:
    """The items of two lists as one; if either is late, both are."""
    parts = await asyncio.gather(_ask(call, one), _ask(call, other))
    return {"items": [item for part in parts if part for item in part["items"]]}


def _open_tasks(person: EmployeeId) -> ListTasks:
    return ListTasks(assignee=(person,), state=_UNFINISHED, limit=MOST_COUNTED)


def _open_help(person: EmployeeId) -> ListHelpRequests:
    return ListHelpRequests(assigned=person, state=("accepted", "in_progress"), limit=MOST_COUNTED)


def _waiting_requests(agencies: tuple[str, ...]) -> ListHelpRequests:
    return ListHelpRequests(
        receiving_agency=agencies, state=("requested", "clarifying"), limit=MOST_COUNTED
    )


def _put_together(answers: dict[str, Part | BaseException], moment: datetime) -> dict[str, Any]:
    missing = [name for name, answer in answers.items() if isinstance(answer, _Late)]
    for answer in answers.values():
        if isinstance(answer, BaseException) and not isinstance(answer, _Late):
            raise answer
    parts: dict[str, Any] = {
        name: None if isinstance(answer, _Late) else answer for name, answer in answers.items()
    }
    day = parts.get("day")
    expected = day.get("expected") if day else None
    counts = {
        name: None if name in missing else len((parts.get(name) or {}).get("items", ()))
        for name in ("inbox", "tasks", "approvals")
    }
    told = parts.get("notifications")
    unread = None if "notifications" in missing else (told or {}).get("unread", 0)
    score = parts.get("score")
    return {
        "today": {
            "expected": expected,
            "day": day,
            "presence": parts.get("presence"),
            "next_change": _next_change(expected, moment),
        },
        "counts": counts | {"notifications": unread},
        "score": score.get("score") if score else None,
        "missing": missing,
    }


def _next_change(expected: dict[str, str | None] | None, moment: datetime) -> str | None:
    """The next of the expected beginning and end that lies ahead."""
    bounds = [expected[name] for name in ("start", "end")] if expected else []
    ahead = [bound for bound in bounds if bound and datetime.fromisoformat(bound) > moment]
    return ahead[0] if ahead else None
