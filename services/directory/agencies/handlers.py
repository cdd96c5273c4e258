"""Agencies: created, changed, shown and listed."""

from collections.abc import Mapping
from typing import Any

from contracts.envelope import Actor, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.places import AgencyView, GetAgency, ListAgencies, PutAgency
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.directory import access
from services.directory.agencies.model import Agency, put
from services.directory.context import Directory
from services.directory.lists import order
from services.directory.preconditions import must_hold
from services.directory.words import all_of, begins

handlers: Handlers[Directory] = Handlers()

_SORTS = {"code": "_id", "name": "name"}


def view(stored: Stored[Agency], actor: Actor) -> AgencyView:
    """The agency as this caller sees it."""
    agency = stored.state
    return AgencyView(
        code=agency.code,
        name=agency.name,
        kind=agency.kind,
        parent=agency.parent,
        time_zone=agency.time_zone,
        stages=agency.stages,
        actions=("change",) if access.administers_city(actor) else (),
        version=stored.version,
    )


@handlers.handles(PutAgency)
async def put_agency(command: Command[PutAgency], directory: Directory) -> Verdict:
    """Create an agency or change it; its parent must exist, and the tree stays a tree."""
    access.require(access.administers_city(command.actor))
    body = command.body
    known = await directory.agencies.get(body.code)
    tree = await directory.agencies.tree_now()
    parent = body.agency.parent
    if parent is not None and await directory.agencies.missing({parent}):
        raise Refusal.invalid("/parent", f"there is no agency {parent}")

    def decide(agency: Agency | None) -> Decision[Agency]:
        must_hold(body.precondition, version=known.version if known and agency else None)
        return put(agency, body.code, body.agency, tree)

    return await directory.agencies.change(
        body.code,
        decide,
        command,
        answer=lambda stored: view(stored, command.actor),
        status=200 if known else 201,
        if_match=body.precondition.if_match,
    )


@handlers.answers(GetAgency)
async def get_agency(query: Query[GetAgency], directory: Directory) -> Answer:
    """One agency; everybody who signs in may know the agencies."""
    stored = await directory.agencies.get(query.body.code)
    if stored is None:
        raise Refusal("not_found")
    found = view(stored, query.actor)
    return Answer(result=found.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(ListAgencies)
async def list_agencies(query: Query[ListAgencies], directory: Directory) -> Page[AgencyView]:
    """Agencies by place in the tree, kind, or the beginnings of words."""
    body = query.body
    conditions: list[Mapping[str, Any]] = begins(body.q)
    if body.agency:
        codes = await directory.codes(body.agency, exact=body.exact)
        conditions.append({"_id": {"$in": codes}})
    if body.kind:
        conditions.append({"kind": {"$in": list(body.kind)}})
    if body.parent:
        conditions.append({"parent": {"$in": list(body.parent)}})
    found, cursor = await directory.agencies.page(
        all_of(conditions),
        sort=order(body, _SORTS, "_id"),
        limit=body.limit,
        cursor=body.cursor,
    )
    return Page(items=tuple(view(each, query.actor) for each in found), next_cursor=cursor)
