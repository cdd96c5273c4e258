"""Commands of help requests: load, decide, write, show; no rules here."""

from typing import Any

from contracts import help_requests as asked
from contracts.envelope import Command, CommandBody, Verdict
from contracts.help_acts import ACTS, AttachToHelp, EditHelp
from contracts.help_terms import HelpAction
from contracts.outcome import Refusal
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests.acting import act, load
from services.tasks.help_requests.details import Details
from services.tasks.help_requests.files import claim, give_back
from services.tasks.help_requests.making import Making, make

handlers: Handlers[Tasks] = Handlers()


@handlers.handles(asked.RequestHelp)
async def request_help(command: Command[asked.RequestHelp], tasks: Tasks) -> Verdict:
    """Ask another agency, several, or whoever can, in the name of the agency the caller heads."""
    body, id_ = command.body, derived_id("help-request", command.id)
    making = Making(id_, body, body.asking_agency, body.attachments)
    return await make(making, command, tasks)


def _carries_out(action: HelpAction, command: type[CommandBody]) -> None:
    @handlers.handles(command)
    async def carry_out(command: Command[Any], tasks: Tasks) -> Verdict:
        """Carry out the action the command stands for."""
        return await act(command, tasks, action)


_carries_out("edit", EditHelp)
for _action, _act in ACTS.items():
    if _action != "attach":  # has to claim the file first
        _carries_out(_action, _act.command)


@handlers.handles(AttachToHelp)
async def attach_to_help(command: Command[AttachToHelp], tasks: Tasks) -> Verdict:
    """Let a file that the caller has sent belong to a request."""
    id_, actor = command.body.help_request, command.actor
    city = await tasks.directory.city()
    stored = await load(id_, tasks)
    seen = access.see(actor, stored.state if stored else None, city.tree)
    access.must_be_of_side(actor, seen, "attach", city.tree)
    attachment = await claim(id_, command.body.upload, command, tasks)
    try:
        return await act(command, tasks, "attach", Details(attachment=attachment))
    except Refusal:
        await give_back(id_, [attachment], command, tasks)
        raise
