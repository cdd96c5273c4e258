"""Timers of help requests: what happens because nobody did anything."""

from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.tasks.context import Tasks
from services.tasks.help_requests import decisions
from services.tasks.help_requests.model import Deed, HelpRequest

handlers: Handlers[Tasks] = Handlers()

TIMERS_EVERY_S = 2.0
_AT_ONCE = 200


@handlers.every(TIMERS_EVERY_S, "tasks.help_requests.timers")
async def let_timers_ring(tasks: Tasks) -> None:
    """Expire what nobody accepted in time; take silence about a delivery as a yes."""
    for stored in await tasks.requests.due_timers(now(), _AT_ONCE):
        await ring(stored, tasks)


async def ring(stored: Stored[HelpRequest], tasks: Tasks) -> None:
    """Let one request's timer ring: once, however often and wherever it is tried."""
    timer, at = stored.state.timer, stored.state.timer_at
    if timer is None or at is None:
        return
    city = await tasks.directory.city()
    schedule = city.schedule_of(stored.state.asking_agency)
    rings = decisions.expire if timer == "expire" else decisions.confirm_by_silence

    def decide(request: HelpRequest | None) -> Decision[HelpRequest]:
        if request is None:
            raise Refusal("not_found")
        moment = max(at, request.changed_at)
        return rings(request, Deed(moment, "timer", None, schedule, account="system:tasks"))

    await tasks.requests.change(
        stored.id, decide, Cause.timer("tasks", stored.id, timer, at.isoformat())
    )
