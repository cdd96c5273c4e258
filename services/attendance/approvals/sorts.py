"""The sorts of requests that are decided: where each is kept and how it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.approvals import RequestType
from kit.storage.aggregates import Stored
from services.attendance.absences.views import absence_view
from services.attendance.context import Attendance
from services.attendance.corrections.views import correction_view
from services.attendance.general_acts.views import general_act_view
from services.attendance.requests.onlooker import Onlooker
from services.attendance.requests.store import RequestStore
from services.attendance.work_elsewhere.views import elsewhere_view


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of request."""

    type: RequestType
    store: Callable[[Attendance], RequestStore[Any]]
    view: Callable[[Stored[Any], Onlooker], Any]


SORTS = (
    Sort("absence", lambda attendance: attendance.absences, absence_view),
    Sort("correction", lambda attendance: attendance.corrections, correction_view),
    Sort("general_act", lambda attendance: attendance.general_acts, general_act_view),
    Sort("work_elsewhere", lambda attendance: attendance.work_elsewhere, elsewhere_view),
)
