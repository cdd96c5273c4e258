"""Timers of help requests: what happens because nobody did anything, once each.

A request carries the moment its next timer rings. Whoever finds it due, decides again by the hours
of now and writes under a cause made of the request, its version and that moment: a second process,
a restart in between or a clock that jumps can only find it done.
"""

import asyncio
from datetime import datetime

from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.tasks.context import Tasks
from services.tasks.help_requests import decisions
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.watching import take_step
from services.tasks.own_copies.model import City

handlers: Handlers[Tasks] = Handlers()

TIMERS_EVERY_S = 2.0
_AT_ONCE = 200


@handlers.every(TIMERS_EVERY_S, "tasks.help_requests.timers")
async def let_timers_ring(tasks: Tasks) -> None:
    """Warn, note breaches, take them upward, expire, take silence about a delivery as a yes."""
    at = now()
    due = await tasks.requests.due_timers(at, _AT_ONCE)
    await asyncio.gather(*(ring(stored, tasks, at) for stored in due))


async def ring(stored: Stored[HelpRequest], tasks: Tasks, at: datetime) -> None:
    """Let the next timer of one request ring: once, however often and wherever it is tried."""
    if stored.state.rings_at is None:
        return
    city = await tasks.directory.city()

    def decide(request: HelpRequest | None) -> Decision[HelpRequest]:
        if request is None:
            raise Refusal("not_found")
        return rung(request, city, at)

    moment = stored.state.rings_at.isoformat()
    cause = Cause.timer("tasks", stored.id, "rings", moment, stored.version)
    await tasks.requests.change(stored.id, decide, cause)


def rung(request: HelpRequest, city: City, at: datetime) -> Decision[HelpRequest]:
    """What the first timer that has come by this moment makes of a request."""
    timer_at, watches = request.timer_at, [each.next_at for each in request.watches if each.next_at]
    first_step = min(watches, default=None)
    if timer_at is None or timer_at > at or (first_step is not None and first_step <= timer_at):
        return take_step(request, city, at)
    schedule = city.schedule_of(request.asking_agency)
    moment = max(timer_at, request.changed_at)
    rings = decisions.expire if request.timer == "expire" else decisions.confirm_by_silence
    return rings(request, Deed(moment, "timer", None, schedule, account="system:tasks"))
