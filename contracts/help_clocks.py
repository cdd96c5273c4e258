"""What happens to the clocks of a help request without anybody acting: events without a person.

Each carries where the request stands, the clock it is about and who holds the ball. ``agencies``
are those whose heads are to hear of it.
"""

from datetime import UTC, datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime

from contracts.envelope import AgencyCode
from contracts.tasks import HelpRequested, HelpRequestFacts, HelpRequestPublic

ClockName = Literal["response", "completion"]


class HelpClockPublic(HelpRequestPublic):
    """What other governments see: the request, and which clock of which agency it is about."""

    clock: ClockName
    holding_agency: str | None = None
    clock_due: AwareDatetime | None = None
    target_minutes: int


class HelpClockFacts(HelpRequestFacts):
    """A clock of a request: its target in working minutes, by which version, due when.

    ``holding_agency`` is null for an open call; ``clock_due`` while a pause makes it unknowable.
    """

    clock: ClockName
    holding_agency: AgencyCode | None = None
    clock_due: AwareDatetime | None = None
    target_minutes: int
    service_levels: str
    agencies: tuple[AgencyCode, ...] = ()

    @classmethod
    def example(cls) -> Self:
        """The informatics agency has not answered the personnel agency."""
        return cls.model_validate(
            {
                **HelpRequested.example().model_dump(),
                "clock": "response",
                "holding_agency": "DISKOMINFOSP",
                "clock_due": datetime(2026, 11, 24, 6, 20, tzinfo=UTC),
                "target_minutes": 240,
                "service_levels": "default/2026-01-01",
                "agencies": ("DISKOMINFOSP",),
                **cls._more(),
            }
        )

    @classmethod
    def _more(cls) -> dict[str, Any]:
        return {}


class HelpStepFacts(HelpClockFacts):
    """A step that a clock has come to, at its own moment ``crossed_at`` whoever noticed it when.

    ``step`` counts the levels above; with ``in_digest`` the top is among ``agencies``, which hears
    by its daily digest.
    """

    crossed_at: AwareDatetime
    step: int = 0
    in_digest: bool = False


class HelpWarned(HelpStepFacts, type="tasks.help_request.warned.v1", public=HelpClockPublic):
    """Most of a target is used up (by rule, 75 %): the agency that holds the ball is warned."""

    @classmethod
    def _more(cls) -> dict[str, Any]:
        return {"crossed_at": datetime(2026, 11, 24, 4, 20, tzinfo=UTC)}


class HelpBreached(HelpStepFacts, type="tasks.help_request.breached.v1", public=HelpClockPublic):
    """A target is passed: the heads of both agencies hear of it."""

    @classmethod
    def _more(cls) -> dict[str, Any]:
        both = ("DISKOMINFOSP", "BKPSDM")
        return {"crossed_at": datetime(2026, 11, 24, 6, 21, tzinfo=UTC), "agencies": both}


class HelpEscalated(HelpStepFacts, type="tasks.help_request.escalated.v1", public=HelpClockPublic):
    """A breach lasts: the next level above both agencies hears of it."""

    @classmethod
    def _more(cls) -> dict[str, Any]:
        crossed = datetime(2026, 11, 25, 6, 21, tzinfo=UTC)
        return {"crossed_at": crossed, "step": 1, "in_digest": True, "agencies": ("PEMKOT",)}


class HelpRescheduled(
    HelpClockFacts, type="tasks.help_request.rescheduled.v1", public=HelpClockPublic
):
    """A policy or calendar was entered that puts the due moment of a running clock elsewhere."""

    due_before: AwareDatetime | None = None

    @classmethod
    def _more(cls) -> dict[str, Any]:
        return {"due_before": datetime(2026, 11, 24, 5, 20, tzinfo=UTC)}
