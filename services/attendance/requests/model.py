"""A request somebody decides about: its states, who did what to it, what may follow."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self, TypeVar

from contracts.envelope import AgencyCode, EmployeeId, EventData
from contracts.outcome import Refusal
from contracts.requests import RequestAction, RequestState
from services.attendance.days.inputs import Input
from services.attendance.patterns.model import DayRules

TRANSITIONS: dict[RequestAction, tuple[tuple[RequestState, ...], RequestState]] = {
    "approve": (("pending",), "approved"),
    "reject": (("pending",), "rejected"),
    "withdraw": (("pending", "approved"), "withdrawn"),
    "revoke": (("pending", "approved"), "revoked"),
}
"""From which states an action leads to which."""

LIVE: tuple[RequestState, ...] = ("pending", "approved")
_DECISIONS = ("approve", "reject")
_NEED_A_REASON = ("reject", "revoke")


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something to a request, when, in whose name, and what they say."""

    at: datetime
    account: str
    by: EmployeeId | None = None
    on_behalf_of: EmployeeId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history: a deed, and the state after it."""

    action: RequestAction
    state: RequestState
    deed: Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(ABC):
    """What every request has; ``agencies`` are those whose heads may decide about it."""

    id: str
    agency: AgencyCode
    agencies: tuple[AgencyCode, ...]
    requested_at: datetime
    state: RequestState = "pending"
    history: tuple[Step, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it is still open or in force."""
        return self.state in LIVE

    def can(self, action: RequestAction) -> bool:
        """Whether the state allows an action."""
        return action in TRANSITIONS and self.state in TRANSITIONS[action][0]

    def begun(self, deed: Deed) -> Self:
        """The request with its first step."""
        return replace(self, history=(Step("request", self.state, deed),))

    def after(self, action: RequestAction, deed: Deed) -> Self:
        """The request after an action; refused where the state does not allow it."""
        allowed, state = TRANSITIONS[action]
        if self.state not in allowed:
            if action in _DECISIONS:
                raise Refusal("already_decided", state=self.state)
            raise Refusal("wrong_state", state=self.state, action=action, allowed=list(allowed))
        if action in _NEED_A_REASON and not deed.note:
            raise Refusal("reason_required")
        step = Step(action, state, replace(deed, at=max(deed.at, self.changed_at)))
        return replace(self, state=state, history=(*self.history, step))

    @property
    def changed_at(self) -> datetime:
        """The moment of the newest step."""
        return self.history[-1].deed.at if self.history else self.requested_at

    @property
    def decided_at(self) -> datetime:
        """When it was approved last; when it was asked for, where it never was."""
        found = (step.deed.at for step in reversed(self.history) if step.action == "approve")
        return next(found, self.requested_at)

    @property
    def doers(self) -> frozenset[EmployeeId]:
        """Everybody who did something to it."""
        named = ((step.deed.by, step.deed.on_behalf_of) for step in self.history)
        return frozenset(who for pair in named for who in pair if who is not None)

    @property
    def people(self) -> frozenset[EmployeeId]:
        """Everybody whose name a view of it may need."""
        return self.doers

    @property
    @abstractmethod
    def about(self) -> date:
        """The first day it is about."""

    @abstractmethod
    def requested(self) -> EventData:
        """The event that it was asked for."""

    @abstractmethod
    def decided(self) -> EventData:
        """The event that it was decided, one way or another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRequest(Request):
    """A request about one person's days, which it changes while it is approved."""

    employee: EmployeeId

    @property
    def people(self) -> frozenset[EmployeeId]:
        """Whose it is, and everybody who did something to it."""
        return self.doers | {self.employee}

    @property
    @abstractmethod
    def days(self) -> tuple[date, ...]:
        """The dates whose days it may touch."""

    @abstractmethod
    def input(self) -> Input:
        """What its days take into account while it is approved."""

    def touches(self, rules: DayRules) -> bool:
        """Whether it has anything to say about a day of these rules."""
        return rules.on in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyRequest(Request):
    """A request about many people: of its agencies (with those below), or these by name."""

    employees: tuple[EmployeeId, ...] = ()
    whole_city: bool = False


R = TypeVar("R", bound=Request)
DR = TypeVar("DR", bound=DayRequest)
