"""The jobs of attendance: each kind of long work by its name."""

from contracts.jobs import JOBS
from kit.jobs.handlers import job_handlers
from kit.jobs.worker import Work
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.own_data.work import forget_positions_portion
from services.attendance.periods.work import LOCK, UNLOCK, lock_portion, unlock_portion
from services.attendance.recomputations.work import recompute_portion

WORKS: dict[str, Work[Attendance]] = {
    "recompute_days": recompute_portion,
    LOCK: lock_portion,
    UNLOCK: unlock_portion,
    "forget_positions": forget_positions_portion,
}

handlers = job_handlers(
    "attendance",
    JOBS["attendance"],
    jobs=lambda attendance: attendance.jobs,
    works=WORKS,
    sees=access.sees_job,
)
