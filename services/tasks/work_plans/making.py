"""Recurrences come round: the task of each day is made ahead, once."""

from datetime import datetime

from contracts.envelope import EmployeeId
from contracts.outcome import Refusal
from contracts.work_items import TaskWanted
from kit.clock import now
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import zone
from services.tasks.context import Tasks
from services.tasks.work_items import decisions
from services.tasks.work_items.decisions import Origin
from services.tasks.work_items.model import Deed
from services.tasks.work_plans import model
from services.tasks.work_plans.model import Recurrence

handlers: Handlers[Tasks] = Handlers()

_EVERY_S = 20.0
_AT_ONCE = 200
_ACCOUNT = "system:tasks"


@handlers.every(_EVERY_S, "tasks.recurrences.make", share=0.3)
async def make_recurring_tasks(tasks: Tasks) -> None:
    """Make what is to be made by now; several missed days one after the other."""
    moment = now()
    for stored in await tasks.recurrences.due(moment, _AT_ONCE):
        await come_round(stored, moment, tasks)


async def come_round(stored: Stored[Recurrence], moment: datetime, tasks: Tasks) -> None:
    """Make the next task of a recurrence and note it; repeated after a crash it is the same task.

    Who no longer works in the agency is left out; nothing is made of days long past.
    """
    plan, day = stored.state, stored.state.next_on
    if day is None or plan.make_at is None or plan.make_at > moment:
        return
    city = await tasks.directory.city()
    zone_name = city.zone_of(plan.agency)
    late = model.is_too_late(day, moment.astimezone(zone(zone_name)).date())
    id_ = None if late else derived_id("task", stored.id, day.isoformat())
    if id_ is not None:
        people = await tasks.directory.people(plan.wanted.assignees)
        fit = tuple(
            each for each in plan.wanted.assignees if people.serves(each, plan.agency, moment, city)
        )
        due = plan.due_on(day, zone_name)
        await _make(id_, stored, tasks, assignees=fit, due=due, moment=moment)
    await tasks.recurrences.change(
        stored.id,
        lambda known: model.came_round(
            _known(known), stored.id, day, id_, at=moment, zone_name=zone_name
        ),
        Cause.timer("tasks", stored.id, "came round", day.isoformat()),
    )


async def _make(
    id_: str,
    stored: Stored[Recurrence],
    tasks: Tasks,
    *,
    assignees: tuple[EmployeeId, ...],
    due: datetime,
    moment: datetime,
) -> None:
    plan = stored.state
    wanted: TaskWanted = plan.wanted.model_copy(update={"due": due, "assignees": assignees})
    deed = Deed(moment, plan.created_by, _ACCOUNT)
    made = decisions.create(id_, wanted, plan.agency, deed, Origin(recurrence=stored.id))
    await tasks.work_items.change(id_, decisions.once(made), Cause.timer("tasks", id_, "made"))


def _known(plan: Recurrence | None) -> Recurrence:
    if plan is None:
        raise Refusal("not_found")
    return plan
