"""Help requests recorded elsewhere: one command each, on a queue of its own."""

from functools import partial

from contracts.envelope import Command, Verdict
from contracts.help_requests import ImportedHelpRequest, ImportHelpRequest
from contracts.outcome import Refusal
from kit.errors import Transient
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Conflict
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests.acting import once, shown
from services.tasks.help_requests.messages import Onlooker
from services.tasks.imports.replay import replay

handlers: Handlers[Tasks] = Handlers()

_NUMBERS_TRIED = 5


@handlers.handles(ImportHelpRequest)
async def import_help_request(command: Command[ImportHelpRequest], tasks: Tasks) -> Verdict:
    """Bring in one recorded request with its own moments and people, all steps or none."""
    access.may_import(command.actor)
    item, id_ = command.body.item, derived_id("help-request", command.id)
    city = await tasks.directory.city()
    people = await tasks.directory.people(_named_in(item))
    onlooker = Onlooker(command.actor, command.received_at, city, people)
    replayed = partial(
        replay,
        id_,
        item=item,
        account=command.actor.account,
        until=command.received_at,
        city=city,
        people=people,
        levels=await tasks.levels.book(city.tree),
    )
    replayed(number=item.number or "")  # refuses a bad one before a number is drawn
    for _ in range(_NUMBERS_TRIED):
        known = await tasks.requests.get(id_)
        given = item.number or (known.state.number if known else None)
        number = given or await tasks.requests.next_number(item.requested_at)
        decision = replayed(number=number)
        try:
            return await tasks.requests.change(
                id_, once(decision), command, answer=shown(onlooker), status=201
            )
        except Conflict:
            if item.number:
                raise Refusal.invalid("/number", "belongs to another request") from None
    raise Transient("no number was free")


def _named_in(item: ImportedHelpRequest) -> set[str]:
    named = {str(person) for step in item.steps for person in step.people or ()}
    named |= {str(step.by) for step in item.steps if step.by}
    return named | ({str(item.requested_by)} if item.requested_by else set())
