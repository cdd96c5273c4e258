"""Objections to a finding: by its deadline, answered by one who decides, with an effect.

What is objected to is said in ``about``, one field per sort of finding: the day of a person here;
further sorts add a field of their own and share the states, the history and the way of answering.
"""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from contracts.attendance_terms import DayStatus, Excused
from contracts.directory import Day
from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.requests import (
    Attachments,
    Instant,
    NoteOf,
    OnRequest,
    PersonId,
    RequestId,
    RequestState,
    RequestView,
)
from contracts.text import LongText

_PERSON = EmployeeId("0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11")


class DayFound(Value):
    """A person's day; ``employee_id`` is the caller where it is left out or ``me``."""

    employee_id: PersonId | None = None
    date: Day


class About(Value):
    """What is objected to."""

    day: DayFound


class Remedy(Value):
    """What is to follow: moments that count instead, or something that is excused."""

    first_in: Instant | None = None
    last_out: Instant | None = None
    excuse: Excused | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        corrects = self.first_in is not None or self.last_out is not None
        if corrects == (self.excuse is not None):
            raise ValueError("state moments (first_in, last_out) or an excuse, one of both")
        return self


class ObjectionWanted(Value):
    """What is objected to, why, and what is to follow from it."""

    about: About
    reason: LongText
    remedy: Remedy
    attachments: Attachments = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "about": {"day": {"date": "2026-11-23"}},
                    "reason": "Jalan Slamet Riyadi ditutup; saya tiba bersama rombongan.",
                    "remedy": {"excuse": "lateness"},
                }
            ]
        }
    )


class RaiseObjection(
    CommandBody,
    ObjectionWanted,
    name="attendance.raise_objection",
    feature="attendance.objections",
):
    """Somebody does not accept what was found about their day."""


class Answer(NoteOf):
    """The answer to an objection; ``remedy`` is the one asked for where it is left out."""

    remedy: Remedy | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"note": "Benar, jalan ditutup pukul 07.00."}]}
    )


class ApproveObjection(
    CommandBody, OnRequest, name="attendance.approve_objection", feature="attendance.objections"
):
    """The objection is right; the remedy takes effect."""

    remedy: Remedy | None = None


class RejectObjection(
    CommandBody, OnRequest, name="attendance.reject_objection", feature="attendance.objections"
):
    """The finding stands, with the reason."""


class WithdrawObjection(
    CommandBody, OnRequest, name="attendance.withdraw_objection", feature="attendance.objections"
):
    """The objection is taken back; the finding is what it would be without it."""


class GetObjection(QueryBody, name="attendance.get_objection"):
    """One objection."""

    id: RequestId


class ListObjections(Paging, QueryBody, name="attendance.list_objections"):
    """The objections the caller may see, newest first."""

    employee_id: tuple[PersonId, ...] = Field(default=(), max_length=50)
    agency: tuple[Code, ...] = Field(default=(), max_length=20)
    exact: bool = False
    state: tuple[RequestState, ...] = Field(default=(), max_length=5)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class FindingView(Value):
    """What was found about the day when it was objected to."""

    status: DayStatus
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    day_version: int


class AboutView(Value):
    """What an objection is about: whose day, and what was found."""

    employee: PersonView
    date: Date
    finding: FindingView


class AboutShown(Value):
    """What is objected to, with what was found."""

    day: AboutView


class RemedyView(Value):
    """What follows if the objection is right."""

    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    excuse: Excused | None = None


class ObjectionView(RequestView):
    """An objection: to what, why, what is asked for, until when it could be raised, how it stands.

    ``remedy`` is what is asked for while it is pending, and what was granted afterwards.
    """

    about: AboutShown
    agency: str
    reason: str
    attachments: tuple[str, ...] = ()
    remedy: RemedyView
    deadline: Date


class ObjectionFacts(EventData):
    """An objection as events tell of it: whose day it is about; never why."""

    objection: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date
    state: RequestState
    excuse: Excused | None = None

    @classmethod
    def example(cls) -> Self:
        """Lateness on the day of a closed road."""
        return cls(
            objection="019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c07",
            employee=_PERSON,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 23),
            state="pending" if cls is ObjectionRaised else "approved",
            excuse="lateness",
        )


class ObjectionRaised(ObjectionFacts, type="attendance.objection.raised.v1"):
    """Somebody objected to what was found about their day."""


class ObjectionDecided(ObjectionFacts, type="attendance.objection.decided.v1"):
    """An objection was approved, rejected or withdrawn; ``state`` says which."""
