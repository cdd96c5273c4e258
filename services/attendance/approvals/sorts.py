"""The sorts of what waits to be decided: where each is kept, how it is shown and decided."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.approvals import ApprovalView, DecideRequest, ListApprovals, RequestType
from contracts.envelope import Command, Query, Verdict
from contracts.requests import OnRequest
from kit.storage.aggregates import Stored
from services.attendance import access
from services.attendance.absences.views import absence_view
from services.attendance.context import Attendance
from services.attendance.corrections.views import correction_view
from services.attendance.general_acts.views import general_act_view
from services.attendance.held_check_ins import deciding
from services.attendance.held_check_ins.store import Held
from services.attendance.held_check_ins.views import held_view
from services.attendance.objections.views import objection_view
from services.attendance.requests import acting
from services.attendance.requests.model import Request
from services.attendance.requests.onlooker import Onlooker, onlooker_of
from services.attendance.requests.store import Filter, RequestStore
from services.attendance.work_elsewhere.views import elsewhere_view

Shown = dict[str, ApprovalView]
Place = tuple[datetime, str]
"""When it was asked for and its id: the place in the list."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some of one sort that wait, in the order of their places, and whether there are more."""

    places: tuple[Place, ...]
    more: bool
    items: Sequence[Any]


class Sort(Protocol):
    """One sort of what waits."""

    @property
    def type(self) -> RequestType:
        """How lists call it."""

    async def waiting(
        self,
        attendance: Attendance,
        conditions: Sequence[Filter],
        *,
        limit: int,
        cursor: str | None,
    ) -> Waiting:
        """What waits and meets the conditions, the oldest first."""

    async def shown(
        self, query: Query[ListApprovals], attendance: Attendance, items: Sequence[Any]
    ) -> Shown:
        """Those of the items the caller decides about, by id."""

    async def decide(
        self, command: Command[DecideRequest], attendance: Attendance
    ) -> Verdict | None:
        """Carry out the decision; None where the id is none of this sort."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of one sort, all alike."""

    type: RequestType
    store: Callable[[Attendance], RequestStore[Any]]
    view: Callable[[Stored[Any], Onlooker], Any]

    async def waiting(
        self,
        attendance: Attendance,
        conditions: Sequence[Filter],
        *,
        limit: int,
        cursor: str | None,
    ) -> Waiting:
        """The pending requests."""
        found, further = await self.store(attendance).waiting(
            conditions, limit=limit, cursor=cursor
        )
        places = tuple((stored.state.requested_at, stored.id) for stored in found)
        return Waiting(places, further is not None, found)

    async def shown(
        self,
        query: Query[ListApprovals],
        attendance: Attendance,
        items: Sequence[Stored[Request]],
    ) -> Shown:
        """With the people in them by name."""
        people = {who for stored in items for who in stored.state.people}
        onlooker = await onlooker_of(query, attendance, people)
        return {
            stored.id: ApprovalView(
                id=stored.id,
                type=self.type,
                requested_at=stored.state.requested_at,
                version=stored.version,
                request=self.view(stored, onlooker),
            )
            for stored in items
            if "approve" in onlooker.rights(stored.state)
        }

    async def decide(
        self, command: Command[DecideRequest], attendance: Attendance
    ) -> Verdict | None:
        """By the request's own table of states."""
        body, store = command.body, self.store(attendance)
        if await store.get(body.id) is None:
            return None
        said = OnRequest(id=body.id, note=body.note, if_match=body.version)
        return await acting.act(command, attendance, store, body.decision, self.view, said=said)


@dataclass(frozen=True, slots=True)
class CheckIns:
    """Check-ins that wait: they live in their days."""

    type: RequestType = "check_in"

    async def waiting(
        self,
        attendance: Attendance,
        conditions: Sequence[Filter],
        *,
        limit: int,
        cursor: str | None,
    ) -> Waiting:
        """The held ones."""
        found, further = await attendance.held_check_ins.waiting(
            conditions, limit=limit, cursor=cursor
        )
        places = tuple((held.requested_at, held.check_in) for held in found)
        return Waiting(places, further is not None, found)

    async def shown(
        self, query: Query[ListApprovals], attendance: Attendance, items: Sequence[Held]
    ) -> Shown:
        """As their days have them now."""
        views = await asyncio.gather(*(self._view(query, attendance, held) for held in items))
        return {view.id: view for view in views if view is not None}

    async def _view(
        self, query: Query[ListApprovals], attendance: Attendance, held: Held
    ) -> ApprovalView | None:
        person = await attendance.copies.people.get(held.employee)
        stored = await attendance.days.get(held.employee, held.date)
        if person is None or stored is None:
            return None
        tree = await attendance.copies.tree()
        if not access.decides_about(query.actor, person, tree, held.date):
            return None
        view = held_view(held, person.shown(held.date), stored, decides=True)
        if view is None or view.state != "pending":
            return None
        return ApprovalView(
            id=held.check_in,
            type=self.type,
            requested_at=held.requested_at,
            version=stored.version,
            request=view,
        )

    async def decide(
        self, command: Command[DecideRequest], attendance: Attendance
    ) -> Verdict | None:
        """Approved it counts, rejected it does not."""
        body = command.body
        if await attendance.held_check_ins.get(body.id) is None:
            return None
        said = deciding.Said(
            body.id,
            "confirm" if body.decision == "approve" else "decline",
            body.note or None,
            body.version,
        )
        return await deciding.decide(
            command,
            attendance,
            said,
            lambda after, held, person: held_view(held, person, after, decides=True),
        )


SORTS: tuple[Sort, ...] = (
    Requests("absence", lambda attendance: attendance.absences, absence_view),
    CheckIns(),
    Requests("correction", lambda attendance: attendance.corrections, correction_view),
    Requests("general_act", lambda attendance: attendance.general_acts, general_act_view),
    Requests("objection", lambda attendance: attendance.objections, objection_view),
    Requests("work_elsewhere", lambda attendance: attendance.work_elsewhere, elsewhere_view),
)
