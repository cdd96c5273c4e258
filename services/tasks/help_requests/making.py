"""How a help request comes into the world: checked, numbered, written once, with its files."""

from dataclasses import dataclass, replace
from typing import Any

from contracts.envelope import Command, Verdict
from contracts.help_requests import HelpWanted
from kit.errors import Transient
from kit.storage.aggregates import Conflict
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests import decisions
from services.tasks.help_requests.acting import ids_of, once, shown
from services.tasks.help_requests.asking import Asker, check_wanted, new_request
from services.tasks.help_requests.files import claim_all
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.model import Deed

_NUMBERS_TRIED = 5


@dataclass(frozen=True, slots=True)
class Making:
    """A request to be made: its id, what it wants, for which agency, with which files."""

    id: str
    wanted: HelpWanted
    asking_agency: str | None = None
    attachments: tuple[str, ...] = ()


async def make(making: Making, command: Command[Any], tasks: Tasks) -> Verdict:
    """Ask in the name of the agency the caller heads; where it stands already, it stays."""
    actor, id_ = command.actor, making.id
    city = await tasks.directory.city()
    agency = access.asking_agency(actor, making.asking_agency, city.tree)
    asker = Asker(agency, command.received_at, actor.employee)
    check_wanted(making.wanted, asker, city)
    people = await tasks.directory.people(ids_of(actor.employee))
    levels = await tasks.levels.book(city.tree)
    onlooker = Onlooker(actor, command.received_at, city, people)
    files = await claim_all(id_, making.attachments, command, tasks)
    for _ in range(_NUMBERS_TRIED):
        known = await tasks.requests.get(id_)
        number = known.state.number if known else await tasks.requests.next_number(asker.at)
        fresh = new_request(id_, number, making.wanted, asker, city, levels=levels)
        fresh = replace(fresh, attachments=files)
        deed = Deed(asker.at, "asking", agency, city.schedule_of(agency), asker.by, actor.account)
        begun = decisions.ask_for_help(fresh, deed)
        try:
            return await tasks.requests.change(
                id_, once(begun), command, answer=shown(onlooker), status=201
            )
        except Conflict:
            continue  # the number is taken: the counter was set back; the next one will do
    raise Transient("no number was free")
