"""A recomputation is checked and becomes a job."""

from datetime import timedelta

from contracts.envelope import AgencyCode, Command, Verdict
from contracts.outcome import Refusal
from contracts.recomputations import RecomputeDays
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()

KIND = "recompute_days"
MOST_DAYS = 366


@handlers.handles(RecomputeDays)
async def recompute_days(command: Command[RecomputeDays], attendance: Attendance) -> Verdict:
    """Make a job that judges every day of these people anew under the rules in force for it."""
    access.may_recompute_days(command.actor)
    body = command.body
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    if body.to < body.from_:
        raise Refusal.invalid("/to", f"not before {body.from_}")
    if body.to - body.from_ >= timedelta(days=MOST_DAYS):
        raise Refusal.invalid("/to", f"at most {MOST_DAYS} days")
    return await attendance.jobs.create(
        command,
        KIND,
        body,
        about=f"{body.agency} {body.from_}..{body.to}",
        agency=AgencyCode(body.agency),
    )
