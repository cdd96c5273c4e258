"""Words of help requests that messages and views share: states, actions, bounded fields."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from contracts.envelope import Code, EmployeeId
from contracts.text import LongText, ShortText

HelpState = Literal[
    "requested",
    "clarifying",
    "accepted",
    "declined",
    "in_progress",
    "delivered",
    "confirmed",
    "withdrawn",
    "expired",
]
HelpAction = Literal[
    "request",
    "accept",
    "decline",
    "ask",
    "answer",
    "assign",
    "start",
    "log",
    "deliver",
    "confirm",
    "return",
    "withdraw",
    "hand-on",
    "edit",
    "approve",
    "reject",
    "comment",
    "attach",
    "expire",
    "auto-confirm",
]
HelpSign = Literal["warning", "breach", "escalation", "hours-changed"]
"""What a clock does to a request that stays in its state; a line of the time line."""

Priority = Literal["low", "normal", "high", "urgent"]

Mode = Literal["first", "parts"]
"""Of several agencies: the first to accept helps alone, or each takes a part of the people."""

MAX_RECEIVERS = 100
MAX_IMPORTED = 100


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


OptionalText = Annotated[LongText | Literal[""], BeforeValidator(_trimmed)]
"""Several lines or nothing; where something is needed, the rule says ``reason_required``."""

PersonId = Annotated[EmployeeId, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,64}$")]
HelpRequestId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Skill = Annotated[ShortText, StringConstraints(max_length=60)]
Link = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f<>\"]{1,490}$", max_length=500)
]
PeopleIds = Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=50)]
Receivers = (
    Literal["anyone"] | Annotated[tuple[Code, ...], Field(min_length=1, max_length=MAX_RECEIVERS)]
)


def _not_ours(number: str) -> str:
    if number.upper().startswith("SBT/"):
        raise ValueError("numbers that begin with SBT/ are given by Sambatan itself")
    return number


ImportedNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./\-]{0,59}$"),
    AfterValidator(_not_ours),
]
"""A number another system gave; ours begin with ``SBT/`` and are given here."""

ImportedAction = Literal[
    "accept",
    "decline",
    "ask",
    "answer",
    "assign",
    "start",
    "log",
    "deliver",
    "confirm",
    "return",
    "withdraw",
    "hand-on",
]
