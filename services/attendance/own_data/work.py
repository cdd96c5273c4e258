"""Forgetting is one portion: one command of the database, however many positions there are."""

from contracts.own_data import ForgetPositions
from kit.jobs.model import Job, Portion
from kit.storage.aggregates import Stored
from services.attendance.context import Attendance


async def forget_positions_portion(attendance: Attendance, stored: Stored[Job]) -> Portion:
    """Delete the person's positions; those of later check-ins are kept as anybody's."""
    body = ForgetPositions.model_validate_json(stored.state.arguments)
    deleted = await attendance.personal_data.forget_positions(body.employee)
    return Portion(cursor=None, done=deleted, counts={"deleted": deleted})
