"""Rosters are entered by those who lead the agency, and shown to its people."""

from contracts.envelope import Answer, Command, Query, Verdict
from contracts.outcome import Decision, FieldError, Refusal
from contracts.rosters import (
    GetRoster,
    PutRoster,
    RosterPerson,
    RosterSummary,
    RosterView,
    days_of,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.rosters.model import Roster

handlers: Handlers[Attendance] = Handlers()


@handlers.handles(PutRoster)
async def put_roster(command: Command[PutRoster], attendance: Attendance) -> Verdict:
    """Enter the roster of an agency and month; days of the past it changes are judged anew."""
    body, tree = command.body, await attendance.copies.tree()
    access.may_plan_shifts(command.actor, body.agency, tree)
    await attendance.copies.must_know(body.agency)
    known = await attendance.rosters.get(body.agency, body.period)
    if known is not None and body.precondition.absent:
        raise Refusal("version_conflict", version=known.version)
    if known is not None and body.precondition.if_match is None:
        raise Refusal("version_required")
    await _must_work_there(body, attendance)
    written_at, local = now(), zone(await attendance.copies.zone_of(body.agency))

    def decide(standing: Roster | None) -> Decision[Roster]:
        if standing is not None and body.precondition.if_match is None:
            raise Refusal("version_conflict")  # entered meanwhile
        return Roster.entered(
            standing,
            body.agency,
            body.period,
            body.roster,
            recorded_at=command.received_at,
            written_at=written_at,
        )

    def answer(stored: Stored[Roster]) -> RosterSummary:
        roster = stored.state
        return RosterSummary(
            agency=roster.agency,
            period=roster.period,
            shifts=len(roster.shifts),
            people=len(roster.people),
            entries=roster.entries,
            recorded_at=roster.recorded_at.astimezone(local),
            version=stored.version,
        )

    return await attendance.rosters.change(
        body.agency,
        body.period,
        decide,
        command,
        answer=answer,
        status=200 if known else 201,
        if_match=body.precondition.if_match,
    )


@handlers.answers(GetRoster)
async def get_roster(query: Query[GetRoster], attendance: Attendance) -> Answer:
    """The roster of an agency and month, for its people and those who lead it."""
    body, tree = query.body, await attendance.copies.tree()
    access.may_see_roster(query.actor, body.agency, tree)
    stored = await attendance.rosters.get(body.agency, body.period)
    if stored is None:
        raise Refusal("not_found")
    roster, local = stored.state, zone(await attendance.copies.zone_of(body.agency))
    leads = access.plans_shifts(query.actor, body.agency, tree)
    view = RosterView(
        agency=roster.agency,
        period=roster.period,
        shifts=roster.shifts,
        people=tuple(
            RosterPerson.model_validate({"employee_id": employee, "days": days})
            for employee, days in roster.people.items()
        ),
        recorded_at=roster.recorded_at.astimezone(local),
        version=stored.version,
        actions=("put",) if leads else (),
    )
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


async def _must_work_there(body: PutRoster, attendance: Attendance) -> None:
    """Everybody on a roster has a post in the agency, or below it, in that month."""
    tree = await attendance.copies.tree()
    there = await attendance.copies.people.employed_in(
        tree.below(body.agency), *days_of(body.period)
    )
    ids = {person.id for person in there}
    detail = f"has no post in {body.agency} in {body.period}"
    errors = tuple(
        FieldError(pointer=f"/people/{place}/employee_id", detail=detail)
        for place, person in enumerate(body.roster.people)
        if person.employee_id not in ids
    )
    if errors:
        raise Refusal("validation_failed", errors=errors)
