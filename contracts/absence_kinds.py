"""Kinds of absence as versioned data: what each counts as, and what a request for it needs."""

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from contracts.attendance_terms import CountsAs, DayStatus
from contracts.directory import Day
from contracts.envelope import CommandBody, EventData, Value
from contracts.text import ShortText

KindCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$")]

_STATUSES: dict[CountsAs, tuple[DayStatus, ...]] = {
    "work": ("duty",),
    "excused": ("leave", "sick"),
    "unexcused": ("absent",),
}


class KindTerms(Value):
    """What a version of a kind says.

    ``day_status`` is what a day is called that such an absence covers; ``most_days`` limits one
    request; a kind that is not ``offered`` any more can no longer be asked for.
    """

    name: ShortText
    name_en: ShortText
    counts_as: CountsAs
    day_status: DayStatus
    by_hours: bool = False
    needs_reference: bool = False
    most_days: int | None = Field(default=None, ge=1, le=366)
    offered: bool = True

    @model_validator(mode="after")
    def _day_is_called_so(self) -> Self:
        allowed = _STATUSES[self.counts_as]
        if self.day_status not in allowed:
            raise ValueError(f"day_status: {' / '.join(allowed)} ({self.counts_as})")
        return self


class KindRequest(KindTerms):
    """A version of a kind to be entered: a new kind, or a known one from a day on."""

    code: KindCode
    effective_from: Day
    decree: ShortText

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "hajj_leave",
                    "name": "Cuti ibadah haji",
                    "name_en": "Leave for the pilgrimage",
                    "counts_as": "excused",
                    "day_status": "leave",
                    "needs_reference": True,
                    "effective_from": "2027-01-01",
                    "decree": "Perwali 12/2026",
                }
            ]
        }
    )


class AddAbsenceKind(
    CommandBody, name="attendance.add_absence_kind", feature="attendance.absence_kinds"
):
    """Enter a version of a kind of absence."""

    kind: KindRequest


class AbsenceKindChanged(EventData, type="attendance.absence_kind.changed.v1", since="1.2"):
    """A kind of absence has another version from a day on."""

    kind: KindCode
    terms: KindTerms
    effective_from: date
    recorded_at: AwareDatetime
    decree: str

    @classmethod
    def example(cls) -> Self:
        """A kind of its own for the pilgrimage."""
        return cls(
            kind="hajj_leave",
            terms=KindTerms(
                name="Cuti ibadah haji",
                name_en="Leave for the pilgrimage",
                counts_as="excused",
                day_status="leave",
                needs_reference=True,
            ),
            effective_from=date(2027, 1, 1),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            decree="Perwali 12/2026",
        )
