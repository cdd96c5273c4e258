"""General acts are proposed, decided, and reach the days of everybody they concern."""

import asyncio
from collections.abc import Sequence
from datetime import date

from contracts import general_acts as asked
from contracts.envelope import AgencyCode, Answer, Command, EmployeeId, Event, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from rules.assignments import main_on
from rules.versions import in_force
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.general_acts.applying import apply
from services.attendance.general_acts.model import GeneralAct, Said, span_of
from services.attendance.general_acts.views import general_act_view
from services.attendance.requests import acting
from services.attendance.requests.onlooker import CITY_ZONE, onlooker_of
from services.attendance.requests.store import Filter

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(asked.ProposeGeneralAct)
async def propose_general_act(
    command: Command[asked.ProposeGeneralAct], attendance: Attendance
) -> Verdict:
    """Propose an act for agencies one leads; the administrator for whomever."""
    body = command.body
    start, end = span_of(body.from_, body.to, CITY_ZONE)
    scope, on = body.scope, start.date()
    agencies = await _agencies(attendance, scope, on)
    whole_city = bool(scope.city or scope.service)
    tree = await attendance.copies.tree()
    access.may_propose_act(command.actor, agencies, tree, whole_city=whole_city)
    fresh = GeneralAct(
        id=derived_id("general-act", command.id),
        agency=AgencyCode(agencies[0] if agencies else ""),
        agencies=tuple(AgencyCode(code) for code in agencies),
        employees=tuple(EmployeeId(id_) for id_ in scope.employees or ()),
        whole_city=whole_city,
        requested_at=command.received_at,
        effect=body.effect,
        said=Said(
            city=bool(scope.city),
            agencies=scope.agencies or (),
            offices=scope.offices or (),
            device=scope.device,
            service=scope.service,
        ),
        start=start,
        end=end,
        time_zone=CITY_ZONE,
        reason=body.reason,
        decree=body.decree,
    )
    return await acting.ask(command, attendance, attendance.general_acts, fresh, general_act_view)


@handlers.handles(asked.ApproveGeneralAct)
async def approve_general_act(
    command: Command[asked.ApproveGeneralAct], attendance: Attendance
) -> Verdict:
    """Approve; the days of all whom it concerns follow."""
    return await acting.act(
        command, attendance, attendance.general_acts, "approve", general_act_view
    )


@handlers.handles(asked.RejectGeneralAct)
async def reject_general_act(
    command: Command[asked.RejectGeneralAct], attendance: Attendance
) -> Verdict:
    """Reject with a reason."""
    return await acting.act(
        command, attendance, attendance.general_acts, "reject", general_act_view
    )


@handlers.handles(asked.RevokeGeneralAct)
async def revoke_general_act(
    command: Command[asked.RevokeGeneralAct], attendance: Attendance
) -> Verdict:
    """Undo the act as one, with a reason."""
    return await acting.act(
        command, attendance, attendance.general_acts, "revoke", general_act_view
    )


@handlers.reads("attendance.general_acts.on-decided")
async def follow_decisions(
    events: Sequence[Event[asked.ActDecided]], attendance: Attendance
) -> None:
    """Bring the days of all whom an act concerns into line with it."""
    await asyncio.gather(*(apply(attendance, event) for event in events))


@handlers.answers(asked.GetGeneralAct)
async def get_general_act(query: Query[asked.GetGeneralAct], attendance: Attendance) -> Answer:
    """One act, with what the caller may do now."""
    return await acting.show(query, attendance, attendance.general_acts, general_act_view)


@handlers.answers(asked.ListGeneralActs)
async def list_general_acts(
    query: Query[asked.ListGeneralActs], attendance: Attendance
) -> Page[asked.GeneralActView]:
    """The general acts, newest first: everybody in the city may know of them."""
    access.may_see_presence(query.actor)
    body = query.body
    conditions: list[Filter] = [
        {"state": {"$in": list(body.state)}} if body.state else {},
        {"effect": {"$in": list(body.effect)}} if body.effect else {},
    ]
    if body.from_ is not None:
        conditions.append({"end": {"$gt": span_of(body.from_, body.from_, CITY_ZONE)[0]}})
    if body.to is not None:
        conditions.append({"start": {"$lt": span_of(body.to, body.to, CITY_ZONE)[1]}})
    found, cursor = await attendance.general_acts.listed(
        conditions, sort=body.sort, limit=body.limit, cursor=body.cursor
    )
    people = {who for stored in found for who in stored.state.people}
    onlooker = await onlooker_of(query, attendance, people)
    items = tuple(general_act_view(stored, onlooker) for stored in found)
    return Page(items=items, next_cursor=cursor)


async def _agencies(attendance: Attendance, scope: asked.ActScope, on: date) -> list[str]:
    """The agencies a scope comes to on the day the act begins; for people, those they work for."""
    known = (await attendance.copies.tree()).codes()
    if scope.agencies is not None:
        for code in scope.agencies:
            if code not in known:
                raise Refusal.invalid("/scope/agencies", f"no agency has the code {code}")
        return list(scope.agencies)
    if scope.offices is not None:
        return await _users_of(attendance, scope.offices, on)
    if scope.device is not None:
        device = await attendance.devices.get(scope.device)
        return await _users_of(attendance, [device.state.office], on)
    if scope.employees is None:
        return []
    people = await attendance.copies.people.get_many(list(scope.employees))
    mains = {id_: main_on(one.assignments, on) for id_, one in people.items()}
    for id_ in scope.employees:
        if mains.get(id_) is None:
            raise Refusal("unknown_employee", employee=id_, on=on.isoformat())
    return sorted({main.agency for main in mains.values() if main is not None})


async def _users_of(attendance: Attendance, offices: Sequence[str], on: date) -> list[str]:
    """The agencies that use these offices on a day."""
    versions = (await attendance.copies.offices()).versions
    found: set[str] = set()
    for code in offices:
        version = in_force(versions.get(code, ()), on)
        if version is None:
            raise Refusal.invalid("/scope/offices", f"no office {code} is open on {on}")
        found |= set(version.used_by)
    if not found:
        raise Refusal.invalid("/scope/offices", "no agency uses these offices: name the agencies")
    return sorted(found)
