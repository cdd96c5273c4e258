"""What every action on a help request shares: what is loaded before, who acts, what is shown."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from contracts.envelope import Command, EmployeeId, Verdict
from contracts.help_terms import HelpAction
from contracts.help_views import HelpRequestView
from contracts.outcome import Decision
from kit.storage.aggregates import Stored
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests import messages
from services.tasks.help_requests.details import DO, Details, Known
from services.tasks.help_requests.editing import since
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.model import Deed, HelpRequest

_ID = re.compile(r"[0-9a-f-]{36}")


async def act(
    command: Command[Any], tasks: Tasks, action: HelpAction, details: Details | None = None
) -> Verdict:
    """Carry out one action for the side and agency the caller stands for.

    What the caller may not know of is refused before anything is looked up for them.
    """
    actor, body, said = command.actor, command.body, details or Details.of(command.body)
    city = await tasks.directory.city()
    levels = await tasks.levels.book(city.tree)
    stored = await load(body.help_request, tasks)
    request = access.see(actor, stored.state if stored else None, city.tree)
    ids = {
        *messages.people_of(request),
        *(said.people or ()),
        *said.mentions,
        *ids_of(actor.employee),
    }
    known = Known(
        city,
        await tasks.directory.people(ids),
        actor.employee,
        await tasks.acceptance_rules.book(city.tree),
    )

    def decide(request: HelpRequest | None) -> Decision[HelpRequest]:
        seen = access.see(actor, request, city.tree)
        at = max(command.received_at, seen.changed_at)
        party = access.party(actor, seen, action, city.tree, at, wanted=body.agency)
        schedule = city.schedule_of(party.agency)
        deed = Deed(
            at,
            party.side,
            party.agency,
            schedule,
            actor.employee,
            actor.account,
            levels,
            party.as_head,
        )
        return DO[action](seen, deed, said, known)

    onlooker = Onlooker(actor, command.received_at, city, known.people)

    def stale(stored: Stored[HelpRequest], seen: int) -> Mapping[str, Any]:
        access.must_be_of_side(actor, stored.state, action, city.tree)
        missed = since(stored.state, stored.version, seen)
        return {"changes": messages.difference(stored.state, missed, onlooker)}

    return await tasks.requests.change(
        body.help_request,
        decide,
        command,
        answer=shown(onlooker),
        if_match=body.if_match,
        stale=stale,
    )


def once(
    decision: Decision[HelpRequest],
) -> Callable[[HelpRequest | None], Decision[HelpRequest]]:
    """What only now comes into the world; where it already stands, it stays as it is."""
    return lambda known: decision if known is None else Decision(known)


def shown(onlooker: Onlooker) -> Callable[[Stored[HelpRequest]], HelpRequestView]:
    """The answer of a command: the request as the caller sees it then."""

    def show(stored: Stored[HelpRequest]) -> HelpRequestView:
        return messages.view(stored.state, stored.version, onlooker)

    return show


async def load(id_: str, tasks: Tasks) -> Stored[HelpRequest] | None:
    """The request of this id; what is no id of ours names nothing."""
    return await tasks.requests.get(id_) if _ID.fullmatch(id_) else None


def ids_of(*employees: EmployeeId | None) -> list[str]:
    """Those that are somebody."""
    return [str(employee) for employee in employees if employee is not None]
