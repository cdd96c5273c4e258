"""Offices: recorded from a day on, shown and listed as of a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from contracts.directory import OfficeVersion
from contracts.envelope import Actor, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.places import (
    CircleBoundary,
    GetOffice,
    ListOffices,
    OfficeVersionView,
    OfficeView,
    Polygon,
    PolygonBoundary,
    PutOffice,
)
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.directory import access
from services.directory.context import Directory
from services.directory.lists import day_of, order
from services.directory.offices.model import Office, put
from services.directory.preconditions import must_hold
from services.directory.words import all_of, begins

handlers: Handlers[Directory] = Handlers()

_SORTS = {"code": "_id"}


def _boundary(version: OfficeVersion) -> CircleBoundary | PolygonBoundary:
    if version.circle is not None:
        return CircleBoundary(circle=version.circle)
    return PolygonBoundary(polygon=Polygon.model_validate(version.polygon))


def _version(version: OfficeVersion, *, with_boundary: bool) -> OfficeVersionView:
    return OfficeVersionView(
        name=version.name,
        boundary=_boundary(version) if with_boundary else None,
        capacity=version.capacity,
        used_by=version.used_by,
        time_zone=version.time_zone,
        invented=version.invented,
        from_=version.effective_from,
        until=version.until,
        recorded_at=version.recorded_at.astimezone(ZoneInfo(version.time_zone)),
        decree=version.decree,
    )


def view(stored: Stored[Office], on: date, actor: Actor) -> OfficeView:
    """The office on a day as this caller sees it; outsiders are not shown boundaries."""
    seen = access.sees_boundaries(actor)
    office = stored.state
    current = _version(office.on(on), with_boundary=seen)
    return OfficeView(
        **{name: getattr(current, name) for name in OfficeVersionView.model_fields},
        code=office.code,
        versions=tuple(_version(each, with_boundary=seen) for each in office.versions),
        actions=("change",) if access.administers_city(actor) else (),
        version=stored.version,
    )


@handlers.handles(PutOffice)
async def put_office(command: Command[PutOffice], directory: Directory) -> Verdict:
    """Create an office or record what it is from a day on; the agencies that use it must exist."""
    access.require(access.administers_city(command.actor))
    body = command.body
    if missing := await directory.agencies.missing(set(body.office.used_by)):
        raise Refusal.invalid("/used_by", f"there is no agency {', '.join(sorted(missing))}")
    known = await directory.offices.get(body.code)

    def decide(office: Office | None) -> Decision[Office]:
        must_hold(body.precondition, version=known.version if known and office else None)
        return put(office, body.code, body.office, recorded_at=command.received_at)

    return await directory.offices.change(
        body.code,
        decide,
        command,
        answer=lambda stored: view(stored, body.office.from_, command.actor),
        status=200 if known else 201,
        if_match=body.precondition.if_match,
    )


@handlers.answers(GetOffice)
async def get_office(query: Query[GetOffice], directory: Directory) -> Answer:
    """One office on a day."""
    stored = await directory.offices.get(query.body.code)
    if stored is None:
        raise Refusal("not_found")
    found = view(stored, day_of(query.body.on, query.received_at), query.actor)
    return Answer(result=found.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(ListOffices)
async def list_offices(query: Query[ListOffices], directory: Directory) -> Page[OfficeView]:
    """Offices by the agencies that use them or the beginnings of words."""
    body = query.body
    conditions: list[Mapping[str, Any]] = begins(body.q)
    if body.used_by:
        codes = await directory.codes(body.used_by, exact=body.exact)
        conditions.append({"versions.used_by": {"$in": codes}})
    found, cursor = await directory.offices.page(
        all_of(conditions),
        sort=order(body, _SORTS, "_id"),
        limit=body.limit,
        cursor=body.cursor,
    )
    on = day_of(body.on, query.received_at)
    return Page(items=tuple(view(each, on, query.actor) for each in found), next_cursor=cursor)
