"""Everything that waits for one person's decision, and many decisions at once."""

from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.absences import AbsenceView
from contracts.check_ins import HeldCheckInView
from contracts.corrections import CorrectionView
from contracts.envelope import CommandBody, QueryBody, Value
from contracts.general_acts import GeneralActView
from contracts.objections import ObjectionView
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT
from contracts.requests import Note, RequestId
from contracts.work_elsewhere import ElsewhereView

RequestType = Literal[
    "absence", "check_in", "correction", "general_act", "objection", "work_elsewhere"
]
DecisionWord = Literal["approve", "reject"]
MOST_AT_ONCE = 200


class DecisionOn(Value):
    """One decision: about which request, at which version, what, and why."""

    id: RequestId
    version: int = Field(ge=1)
    decision: DecisionWord
    note: Note = ""


class DecideRequest(
    CommandBody, DecisionOn, name="attendance.decide_request", feature="attendance.approvals"
):
    """Somebody decides about a request, of whatever sort it is."""


class Decisions(Value):
    """Up to 200 decisions; each has a verdict of its own."""

    items: tuple[DecisionOn, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c02",
                            "version": 1,
                            "decision": "approve",
                            "note": "",
                        }
                    ]
                }
            ]
        }
    )


class ListApprovals(QueryBody, name="attendance.list_approvals"):
    """What waits for the caller, the oldest first."""

    state: Literal["pending"] = "pending"
    type: tuple[RequestType, ...] = Field(default=(), max_length=10)
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(default=None, max_length=500)


class ApprovalView(Value):
    """A request that waits: its sort, and itself."""

    id: str
    type: RequestType
    requested_at: AwareDatetime
    version: int
    request: (
        AbsenceView
        | CorrectionView
        | GeneralActView
        | ElsewhereView
        | HeldCheckInView
        | ObjectionView
    )
