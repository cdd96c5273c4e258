"""Commands of help requests: load, decide, write, show; no rules here."""

from contracts import help_requests as asked
from contracts.envelope import AgencyCode, Command, Verdict
from contracts.outcome import Decision, Refusal
from kit.errors import Transient
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Conflict
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests import decisions
from services.tasks.help_requests.acting import act, ids_of, once, scene_of, shown
from services.tasks.help_requests.asking import Asker, check_wanted, new_request
from services.tasks.help_requests.messages import Onlooker
from services.tasks.help_requests.model import Deed, HelpRequest

handlers: Handlers[Tasks] = Handlers()

_NUMBERS_TRIED = 5


@handlers.handles(asked.RequestHelp)
async def request_help(command: Command[asked.RequestHelp], tasks: Tasks) -> Verdict:
    """Ask another agency, several, or whoever can, in the name of the agency the caller heads."""
    city = await tasks.directory.city()
    agency = access.asking_agency(command.actor, command.body.asking_agency, city.tree)
    asker = Asker(agency, command.received_at, command.actor.employee)
    check_wanted(command.body, asker, city)
    people = await tasks.directory.people(ids_of(command.actor.employee))
    onlooker = Onlooker(command.actor, command.received_at, city, people)
    id_ = derived_id("help-request", command.id)
    for _ in range(_NUMBERS_TRIED):
        known = await tasks.requests.get(id_)
        number = known.state.number if known else await tasks.requests.next_number(asker.at)
        fresh = new_request(id_, number, command.body, asker, city)
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


@handlers.handles(asked.AcceptHelp)
async def accept_help(command: Command[asked.AcceptHelp], tasks: Tasks) -> Verdict:
    """Accept and name the people who come, in one step; the record gets its number."""
    named = command.body.people
    scene = await scene_of(command, tasks, named)

    def do(request: HelpRequest, deed: Deed) -> Decision[HelpRequest]:
        scene.check_people(named, deed)
        return decisions.accept(request, deed, named)

    return await act(command, tasks, scene, "accept", do)


@handlers.handles(asked.AssignHelp)
async def assign_help(command: Command[asked.AssignHelp], tasks: Tasks) -> Verdict:
    """Send these people instead."""
    named = command.body.people
    scene = await scene_of(command, tasks, named)

    def do(request: HelpRequest, deed: Deed) -> Decision[HelpRequest]:
        scene.check_people(named, deed)
        return decisions.assign(request, deed, named)

    return await act(command, tasks, scene, "assign", do)


@handlers.handles(asked.DeclineHelp)
async def decline_help(command: Command[asked.DeclineHelp], tasks: Tasks) -> Verdict:
    """Say no with a reason; of several agencies only this one leaves."""
    reason = command.body.reason
    scene = await scene_of(command, tasks)
    return await act(
        command, tasks, scene, "decline", lambda r, deed: decisions.decline(r, deed, reason)
    )


@handlers.handles(asked.AskAboutHelp)
async def ask_about_help(command: Command[asked.AskAboutHelp], tasks: Tasks) -> Verdict:
    """Ask back; the receiving side's clock rests until the answer."""
    question = command.body.question
    scene = await scene_of(command, tasks)
    return await act(command, tasks, scene, "ask", lambda r, deed: decisions.ask(r, deed, question))


@handlers.handles(asked.AnswerAboutHelp)
async def answer_about_help(command: Command[asked.AnswerAboutHelp], tasks: Tasks) -> Verdict:
    """Answer the question; the request goes back to where it was asked."""
    text = command.body.text
    scene = await scene_of(command, tasks)
    return await act(
        command, tasks, scene, "answer", lambda r, deed: decisions.answer(r, deed, text)
    )


@handlers.handles(asked.StartHelp)
async def start_help(command: Command[asked.StartHelp], tasks: Tasks) -> Verdict:
    """Begin the work."""
    scene = await scene_of(command, tasks)
    return await act(command, tasks, scene, "start", decisions.start)


@handlers.handles(asked.LogHelp)
async def log_help(command: Command[asked.LogHelp], tasks: Tasks) -> Verdict:
    """Write down minutes of work and what came of them."""
    body = command.body
    scene = await scene_of(command, tasks)
    return await act(
        command,
        tasks,
        scene,
        "log",
        lambda r, deed: decisions.log_work(r, deed, body.minutes, body.note),
    )


@handlers.handles(asked.DeliverHelp)
async def deliver_help(command: Command[asked.DeliverHelp], tasks: Tasks) -> Verdict:
    """Hand the work over."""
    body = command.body
    scene = await scene_of(command, tasks)
    return await act(
        command,
        tasks,
        scene,
        "deliver",
        lambda r, deed: decisions.deliver(r, deed, body.summary, body.links),
    )


@handlers.handles(asked.ConfirmHelp)
async def confirm_help(command: Command[asked.ConfirmHelp], tasks: Tasks) -> Verdict:
    """Confirm the help with a rating and a word of thanks."""
    body = command.body
    scene = await scene_of(command, tasks)
    return await act(
        command,
        tasks,
        scene,
        "confirm",
        lambda r, deed: decisions.confirm(r, deed, body.rating, body.thanks),
    )


@handlers.handles(asked.ReturnHelp)
async def return_help(command: Command[asked.ReturnHelp], tasks: Tasks) -> Verdict:
    """Send the delivery back for more work."""
    reason = command.body.reason
    scene = await scene_of(command, tasks)
    return await act(
        command, tasks, scene, "return", lambda r, deed: decisions.send_back(r, deed, reason)
    )


@handlers.handles(asked.WithdrawHelp)
async def withdraw_help(command: Command[asked.WithdrawHelp], tasks: Tasks) -> Verdict:
    """Withdraw the request with a reason."""
    reason = command.body.reason
    scene = await scene_of(command, tasks)
    return await act(
        command, tasks, scene, "withdraw", lambda r, deed: decisions.withdraw(r, deed, reason)
    )


@handlers.handles(asked.HandOnHelp)
async def hand_on_help(command: Command[asked.HandOnHelp], tasks: Tasks) -> Verdict:
    """Pass the request on to another agency; the history goes with it."""
    body = command.body
    scene = await scene_of(command, tasks)

    def do(request: HelpRequest, deed: Deed) -> Decision[HelpRequest]:
        if not scene.city.knows(body.to):
            raise Refusal.invalid("/to", "is not an agency of the city")
        return decisions.hand_on(request, deed, AgencyCode(body.to), body.reason)

    return await act(command, tasks, scene, "hand-on", do)
