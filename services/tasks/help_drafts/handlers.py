"""Drafts and templates are written, shown to those whose they are, and sent."""

from typing import Any

from contracts import help_drafts as asked
from contracts.envelope import AgencyCode, Answer, Command, Query, Verdict
from contracts.help_drafts import HelpDraftView, HelpTemplateView
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import zone
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_drafts import model
from services.tasks.help_drafts.model import Draft, Template
from services.tasks.help_requests.making import Making, make
from services.tasks.own_copies.model import City

handlers: Handlers[Tasks] = Handlers()


@handlers.handles(asked.BeginHelpDraft)
async def begin_help_draft(command: Command[asked.BeginHelpDraft], tasks: Tasks) -> Verdict:
    """Begin a draft for the agency the caller heads, perhaps from one of its templates."""
    body, city, at = command.body, await tasks.directory.city(), command.received_at
    agency = access.asking_agency(command.actor, body.asking_agency, city.tree)
    template = await _template(body.template, agency, city, tasks) if body.template else None
    id_ = derived_id("help-draft", command.id)
    draft = Draft(
        account=command.actor.account,
        by=command.actor.employee,
        agency=agency,
        sketch=model.begun_sketch(body, template, at),
        created_at=at,
        changed_at=at,
        template=body.template,
    )
    decision = model.begin(id_, draft)
    return await tasks.help_drafts.change(
        id_, lambda _: decision, command, answer=_shown(city), status=201
    )


@handlers.handles(asked.ReplaceHelpDraft)
async def replace_help_draft(command: Command[asked.ReplaceHelpDraft], tasks: Tasks) -> Verdict:
    """Let an own draft read otherwise."""
    body, city = command.body, await tasks.directory.city()
    await _own(command.actor.account, body.draft, tasks)
    return await tasks.help_drafts.change(
        body.draft,
        lambda draft: model.rewrite(body.draft, draft, body.sketch, command.received_at),
        command,
        answer=_shown(city),
        if_match=body.if_match,
    )


@handlers.handles(asked.DiscardHelpDraft)
async def discard_help_draft(command: Command[asked.DiscardHelpDraft], tasks: Tasks) -> Verdict:
    """Throw an own draft away."""
    id_ = command.body.draft
    await _own(command.actor.account, id_, tasks)
    return await tasks.help_drafts.change(
        id_, lambda draft: model.discard(id_, draft, command.received_at), command, status=204
    )


@handlers.handles(asked.SendHelpDraft)
async def send_help_draft(command: Command[asked.SendHelpDraft], tasks: Tasks) -> Verdict:
    """Ask for what an own draft says: the request and its draft are two writes, in this order.

    The request's id follows from the draft's, so that sending it twice asks once.
    """
    id_ = command.body.draft
    stored = await _own(command.actor.account, id_, tasks)
    if command.body.if_match not in {None, stored.version} and stored.state.state == "open":
        raise Refusal("version_conflict", version=stored.version)
    request = derived_id("help-request", id_)
    making = Making(request, model.wanted_of(stored.state), stored.state.agency)
    verdict = await make(making, command, tasks)
    await tasks.help_drafts.change(
        id_,
        lambda draft: model.send(id_, draft, request, command.received_at),
        Cause.derived(command, "sent"),
    )
    return verdict


@handlers.answers(asked.GetHelpDraft)
async def get_help_draft(query: Query[asked.GetHelpDraft], tasks: Tasks) -> Answer:
    """An own draft, also one that was sent."""
    stored = await _own(query.actor.account, query.body.draft, tasks)
    view = _draft_view(stored, await tasks.directory.city())
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(asked.ListHelpDrafts)
async def list_help_drafts(query: Query[asked.ListHelpDrafts], tasks: Tasks) -> Page[HelpDraftView]:
    """The caller's own drafts that were not sent yet."""
    access.may_draft(query.actor)
    city, body = await tasks.directory.city(), query.body
    found, next_cursor = await tasks.help_drafts.of(
        query.actor.account, limit=body.limit, cursor=body.cursor
    )
    views = tuple(_draft_view(each, city) for each in found)
    return Page(items=views, next_cursor=next_cursor)


@handlers.handles(asked.AddHelpTemplate)
async def add_help_template(command: Command[asked.AddHelpTemplate], tasks: Tasks) -> Verdict:
    """Offer a template to those who ask for an agency."""
    body, city = command.body, await tasks.directory.city()
    _may_write_templates(command, city)
    id_ = derived_id("help-template", command.id)
    decision = model.add_template(id_, AgencyCode(body.agency), body.template, command.received_at)
    return await tasks.help_templates.change(
        id_, lambda _: decision, command, answer=_shown_template(), status=201
    )


@handlers.handles(asked.ReplaceHelpTemplate)
async def replace_help_template(
    command: Command[asked.ReplaceHelpTemplate], tasks: Tasks
) -> Verdict:
    """Let a template read otherwise."""
    body = command.body
    _may_write_templates(command, await tasks.directory.city())
    await _must_be_of(body.agency, body.id, tasks)
    return await tasks.help_templates.change(
        body.id,
        lambda known: model.rewrite_template(body.id, known, body.template, command.received_at),
        command,
        answer=_shown_template(),
        if_match=body.if_match,
    )


@handlers.handles(asked.RetireHelpTemplate)
async def retire_help_template(command: Command[asked.RetireHelpTemplate], tasks: Tasks) -> Verdict:
    """Offer a template no more."""
    body = command.body
    _may_write_templates(command, await tasks.directory.city())
    await _must_be_of(body.agency, body.id, tasks)
    return await tasks.help_templates.change(
        body.id,
        lambda known: model.retire_template(body.id, known, command.received_at),
        command,
        status=204,
    )


@handlers.answers(asked.ListHelpTemplates)
async def list_help_templates(
    query: Query[asked.ListHelpTemplates], tasks: Tasks
) -> Page[HelpTemplateView]:
    """What one may begin from who asks for an agency: its own templates and those above it."""
    body, city = query.body, await tasks.directory.city()
    access.may_see_templates(query.actor, body.agency, city.tree)
    _must_know(body.agency, city)
    found, next_cursor = await tasks.help_templates.offered(
        city.tree.path(body.agency), limit=body.limit, cursor=body.cursor
    )
    views = tuple(
        _template_view(
            each, writes=access.writes_templates(query.actor, each.state.agency, city.tree)
        )
        for each in found
    )
    return Page(items=views, next_cursor=next_cursor)


async def _own(account: str, id_: str, tasks: Tasks) -> Stored[Draft]:
    stored = await tasks.help_drafts.get(id_)
    if stored is None or stored.state.account != account or stored.state.state == "discarded":
        raise Refusal("not_found")
    return stored


async def _template(id_: str, agency: str, city: City, tasks: Tasks) -> Template:
    stored = await tasks.help_templates.get(id_)
    offered = stored is not None and not stored.state.retired
    if stored is None or not offered or stored.state.agency not in city.tree.path(agency):
        raise Refusal.invalid("/template", "is not a template of this agency or one above it")
    return stored.state


async def _must_be_of(agency: str, id_: str, tasks: Tasks) -> None:
    stored = await tasks.help_templates.get(id_)
    if stored is None or stored.state.agency != agency:
        raise Refusal("not_found")


def _may_write_templates(command: Command[Any], city: City) -> None:
    agency = command.body.agency
    if not access.writes_templates(command.actor, agency, city.tree):
        raise Refusal("forbidden")
    _must_know(agency, city)


def _must_know(agency: str, city: City) -> None:
    if not city.knows(agency):
        raise Refusal("not_found", agency=agency)


def _shown(city: City) -> Any:
    return lambda stored: _draft_view(stored, city)


def _shown_template() -> Any:
    return lambda stored: _template_view(stored, writes=True)


def _draft_view(stored: Stored[Draft], city: City) -> HelpDraftView:
    draft, here = stored.state, zone(city.zone_of(stored.state.agency))
    said = draft.sketch.model_dump()
    due = draft.sketch.due
    return HelpDraftView(
        **said | {"due": due.astimezone(here) if due else None},
        id=stored.id,
        asking_agency=draft.agency,
        template=draft.template,
        missing=draft.missing,
        created_at=draft.created_at.astimezone(here),
        changed_at=draft.changed_at.astimezone(here),
        help_request=draft.help_request,
        actions=("replace", "discard", "send") if draft.state == "open" else (),
        version=stored.version,
    )


def _template_view(stored: Stored[Template], *, writes: bool) -> HelpTemplateView:
    template = stored.state
    return HelpTemplateView(
        **template.terms.model_dump(),
        id=stored.id,
        agency=template.agency,
        actions=("replace", "retire") if writes and not template.retired else (),
        version=stored.version,
    )
