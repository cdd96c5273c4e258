"""General acts: one decision that changes the days of many people, undone as one."""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from contracts.attendance import Serial
from contracts.attendance_terms import ActEffect
from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.requests import (
    DateOrInstant,
    OnRequest,
    PersonId,
    RequestId,
    RequestState,
    RequestView,
)
from contracts.text import LongText, ShortText

Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
PersonIds = Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=2_000)]


class ActScope(Value):
    """Whom an act is for, by exactly one of these.

    ``agencies`` with those below them; ``offices``: the agencies that use them; ``device``: those
    of the office it stands in; ``service``: the whole city, since everybody uses it.
    """

    city: bool | None = None
    agencies: Codes | None = None
    offices: Codes | None = None
    employees: PersonIds | None = None
    device: Serial | None = None
    service: ShortText | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        said = (self.city, self.agencies, self.offices, self.employees, self.device, self.service)
        if sum(bool(one) for one in said) != 1:
            raise ValueError("exactly one of city, agencies, offices, employees, device, service")
        return self


class ActWanted(Value):
    """What is excused or ordered for whom, from when to when (both dates or both instants)."""

    effect: ActEffect
    scope: ActScope
    from_: DateOrInstant = Field(alias="from")
    to: DateOrInstant
    decree: ShortText | None = None
    reason: LongText

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "effect": "excuse_lateness",
                    "scope": {"offices": ["BALAIKOTA"]},
                    "from": "2026-12-01T06:00:00+07:00",
                    "to": "2026-12-01T09:00:00+07:00",
                    "decree": "800/4321/2026",
                    "reason": "Listrik padam di kompleks balai kota.",
                }
            ]
        },
    )


class ProposeGeneralAct(
    CommandBody,
    ActWanted,
    name="attendance.propose_general_act",
    feature="attendance.general_acts",
):
    """Something happened, or is ordered, that concerns many people at once."""


class ApproveGeneralAct(
    CommandBody, OnRequest, name="attendance.approve_general_act", feature="attendance.general_acts"
):
    """The act holds; the days of all whom it concerns change."""


class RejectGeneralAct(
    CommandBody, OnRequest, name="attendance.reject_general_act", feature="attendance.general_acts"
):
    """The act does not hold, with the reason."""


class RevokeGeneralAct(
    CommandBody, OnRequest, name="attendance.revoke_general_act", feature="attendance.general_acts"
):
    """The act is undone as one; the days are what they would be without it."""


class GetGeneralAct(QueryBody, name="attendance.get_general_act"):
    """One general act."""

    id: RequestId


class ListGeneralActs(Paging, QueryBody, name="attendance.list_general_acts"):
    """General acts, newest first; ``from`` and ``to`` are dates."""

    state: tuple[RequestState, ...] = Field(default=(), max_length=5)
    effect: tuple[ActEffect, ...] = Field(default=(), max_length=5)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class ScopeView(Value):
    """Whom an act is for; ``employees`` only for those who may decide about it."""

    city: bool | None = None
    agencies: tuple[str, ...] | None = None
    offices: tuple[str, ...] | None = None
    employees: tuple[str, ...] | None = None
    people: int | None = None
    device: str | None = None
    service: str | None = None


class GeneralActView(RequestView):
    """A general act: what, for whom, from when to when, by which decree, and how it stands."""

    effect: ActEffect
    scope: ScopeView
    concerned: tuple[str, ...]
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    decree: str | None = None
    reason: str

    model_config = ConfigDict(populate_by_name=True)


class ActFacts(EventData):
    """A general act as events tell of it: what it does on which days; no person."""

    act: str
    effect: ActEffect
    first: date
    last: date
    agencies: tuple[AgencyCode, ...]
    whole_city: bool
    state: RequestState

    @classmethod
    def example(cls) -> Self:
        """A power cut in the city hall."""
        return cls(
            act="019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c04",
            effect="excuse_lateness",
            first=date(2026, 12, 1),
            last=date(2026, 12, 1),
            agencies=(AgencyCode("BKPSDM"),),
            whole_city=False,
            state="pending" if cls is ActProposed else "approved",
        )


class ActProposed(ActFacts, type="attendance.general_act.proposed.v1"):
    """Somebody proposed a general act."""


class ActDecided(ActFacts, type="attendance.general_act.decided.v1"):
    """A general act was approved, rejected or revoked; ``state`` says which."""
