"""Policies are entered, and shown to those whom they rule."""

from zoneinfo import ZoneInfo

from contracts.envelope import Actor, Command, Query, Verdict
from contracts.outcome import Decision, FieldError, Refusal
from contracts.paging import Page
from contracts.policies import AddPolicy, GroupTerms, ListPolicies, PolicyView
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.presets import SURAKARTA_ORDINARY
from rules.versions import in_force
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.policies.model import AgencyPolicy, PolicyVersion
from services.attendance.policies.views import policy_view, shipped_view

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(AddPolicy)
async def add_policy(command: Command[AddPolicy], attendance: Attendance) -> Verdict:
    """Enter a version; it rules from its day on, also where that day lies in the past."""
    access.may_set_policies(command.actor)
    body = command.body
    await attendance.copies.must_know(body.agency)
    if body.policy.group is not None:
        await _must_be_known(body.policy.group, attendance)
    written_at, local = now(), zone(await attendance.copies.zone_of(body.agency))

    def decide(policy: AgencyPolicy | None) -> Decision[AgencyPolicy]:
        standing = policy or AgencyPolicy.blank(body.agency, written_at)
        return standing.add(body.policy, recorded_at=command.received_at, written_at=written_at)

    def answer(stored: Stored[AgencyPolicy]) -> PolicyView:
        return _view(stored.state.versions[-1], stored, command.actor, local, names=True)

    return await attendance.policies.change(body.agency, decide, command, answer=answer, status=201)


@handlers.answers(ListPolicies)
async def list_policies(query: Query[ListPolicies], attendance: Attendance) -> Page[PolicyView]:
    """What an agency has entered, newest first; or all that rules its people on a day."""
    access.may_see_policies(query.actor)
    body = query.body
    await attendance.copies.must_know(body.agency)
    if body.on is not None:
        return Page(items=await _ruling(query, attendance))
    stored = await attendance.policies.get(body.agency)
    if stored is None:
        return Page(items=())
    before = _number(body.cursor) if body.cursor else len(stored.state.versions) + 1
    older = [version for version in reversed(stored.state.versions) if version.number < before]
    shown = older[: body.limit]
    local = zone(await attendance.copies.zone_of(body.agency))
    names = access.sees_groups(query.actor, body.agency, await attendance.copies.tree())
    return Page(
        items=tuple(_view(version, stored, query.actor, local, names=names) for version in shown),
        next_cursor=str(shown[-1].number) if len(shown) < len(older) else None,
    )


async def _ruling(query: Query[ListPolicies], attendance: Attendance) -> tuple[PolicyView, ...]:
    """The version that rules the agency that day, wherever it was entered, and its groups'."""
    assert query.body.on is not None
    book, tree = await attendance.patterns.book(), await attendance.copies.tree()
    local = zone(await attendance.copies.zone_of(query.body.agency))
    found = []
    for agency, version in book.ruling(query.body.agency, query.body.on):
        if (stored := await attendance.policies.get(agency)) is not None:
            names = access.sees_groups(query.actor, agency, tree)
            found.append(_view(version, stored, query.actor, local, names=names))
    shipped = in_force(SURAKARTA_ORDINARY, query.body.on)
    if shipped is not None and all(view.group for view in found):
        found.append(shipped_view(shipped, local=local))
    return tuple(found)


def _view(
    version: PolicyVersion,
    stored: Stored[AgencyPolicy],
    actor: Actor,
    local: ZoneInfo,
    *,
    names: bool,
) -> PolicyView:
    return policy_view(
        stored.id,
        version,
        written=stored.version,
        local=local,
        names=names,
        actions=("preview", "supersede") if access.sets_policies(actor) else (),
    )


async def _must_be_known(group: GroupTerms, attendance: Attendance) -> None:
    """Everybody a group names is an employee."""
    known = await attendance.copies.people.get_many(list(group.employees))
    errors = tuple(
        FieldError(pointer=f"/group/employees/{place}", detail="no such employee")
        for place, employee in enumerate(group.employees)
        if employee not in known
    )
    if errors:
        raise Refusal("validation_failed", errors=errors)


def _number(cursor: str) -> int:
    if not cursor.isdecimal():
        raise Refusal.invalid("/cursor", "must be the next_cursor of the page before")
    return int(cursor)
