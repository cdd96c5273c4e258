"""Commands of help requests: load, decide, write, show; no rules here."""

from typing import Any

from contracts import help_requests as asked
from contracts.envelope import Command, CommandBody, Verdict
from contracts.help_acts import ACTS, EditHelp
from contracts.help_terms import HelpAction
from kit.errors import Transient
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Conflict
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests import decisions
from services.tasks.help_requests.acting import act, ids_of, once, shown
from services.tasks.help_requests.asking import Asker, check_wanted, new_request
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.model import Deed

handlers: Handlers[Tasks] = Handlers()

_NUMBERS_TRIED = 5


@handlers.handles(asked.RequestHelp)
async def request_help(command: Command[asked.RequestHelp], tasks: Tasks) -> Verdict:
    """Ask another agency, several, or whoever can, in the name of the agency the caller heads."""
    city = await tasks.directory.city()
    agency = access.asking_agency(command.actor, command.body.asking_agency, city.tree)
    asker = Asker(agency, command.received_at, command.actor.employee)
    check_wanted(command.body, asker, city)
    levels = await tasks.levels.book(city.tree)
    people = await tasks.directory.people(ids_of(command.actor.employee))
    onlooker = Onlooker(command.actor, command.received_at, city, people)
    id_ = derived_id("help-request", command.id)
    for _ in range(_NUMBERS_TRIED):
        known = await tasks.requests.get(id_)
        number = known.state.number if known else await tasks.requests.next_number(asker.at)
        fresh = new_request(id_, number, command.body, asker, city, levels=levels)
        deed = Deed(
            asker.at, "asking", agency, city.schedule_of(agency), asker.by, command.actor.account
        )
        begun = decisions.ask_for_help(fresh, deed)
        try:
            return await tasks.requests.change(
                id_, once(begun), command, answer=shown(onlooker), status=201
            )
        except Conflict:
            continue  # the number is taken: the counter was set back; the next one will do
    raise Transient("no number was free")


def _carries_out(action: HelpAction, command: type[CommandBody]) -> None:
    @handlers.handles(command)
    async def carry_out(command: Command[Any], tasks: Tasks) -> Verdict:
        """Carry out the action the command stands for."""
        return await act(command, tasks, action)


_carries_out("edit", EditHelp)
for _action, _act in ACTS.items():
    _carries_out(_action, _act.command)
