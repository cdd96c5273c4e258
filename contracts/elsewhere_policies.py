"""How much work elsewhere there may be, for whom, where and when: versions per agency."""

from datetime import UTC, date, datetime
from typing import Any, Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.places import Polygon
from contracts.text import ShortText


class ExcludedDates(Value):
    """Days (both included) on which everybody comes to an office, and why."""

    first: Day
    last: Day
    reason: ShortText


class ElsewhereTerms(Value):
    """What a version says.

    ``most_a_week`` counts days of a person, ``most_percent`` people of an agency on one day (of a
    few at least one, unless it is 0), ``report_within_days`` days until the output is reported.
    Inside ``area`` (GeoJSON) the work is done; without it anywhere. Posts that begin with one of
    ``excluded_positions``, in any case, stay in the office, and so does everybody on
    ``excluded_dates``, and with ``not_after_absence`` whoever is away on the working day before.
    """

    most_a_week: int = Field(ge=0, le=7)
    most_percent: int = Field(ge=0, le=100)
    report_within_days: int = Field(default=1, ge=0, le=31)
    area: Polygon | None = None
    excluded_positions: tuple[ShortText, ...] = Field(default=(), max_length=100)
    excluded_dates: tuple[ExcludedDates, ...] = Field(default=(), max_length=100)
    not_after_absence: bool = False


_EXAMPLE: dict[str, Any] = {
    "most_a_week": 2,
    "most_percent": 50,
    "excluded_positions": ["Perawat", "Petugas loket"],
    "excluded_dates": [{"first": "2026-12-24", "last": "2026-12-24", "reason": "Menjelang libur"}],
    "area": {
        "type": "Polygon",
        "coordinates": [
            [[110.75, -7.62], [110.88, -7.62], [110.88, -7.51], [110.75, -7.51], [110.75, -7.62]]
        ],
    },
}


class ElsewherePolicyRequest(ElsewhereTerms):
    """A version to be entered."""

    effective_from: Day
    decree: ShortText

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_EXAMPLE, "effective_from": "2026-12-01", "decree": "SE Wali Kota 40/2026"}
            ]
        }
    )


class AddElsewherePolicy(
    CommandBody,
    name="attendance.add_elsewhere_policy",
    feature="attendance.elsewhere_policies",
):
    """Enter a version for an agency and everything below it that has none of its own."""

    agency: Code
    policy: ElsewherePolicyRequest


class ListElsewherePolicies(QueryBody, name="attendance.list_elsewhere_policies"):
    """The versions of an agency, newest first; with ``on`` the one that rules it that day."""

    agency: str = Field(max_length=40)
    on: Day | None = None


class ElsewherePolicyView(ElsewhereTerms):
    """A version; where nothing was entered the one that ships rules, which has no agency."""

    id: str
    agency: AgencyCode | None
    effective_from: date
    recorded_at: AwareDatetime
    decree: str


class ElsewherePoliciesView(Value):
    """Versions, newest first."""

    items: tuple[ElsewherePolicyView, ...]


class ElsewherePolicyChanged(
    EventData, type="attendance.work_elsewhere_policy.changed.v1", since="1.2"
):
    """An agency has another version of its policy of work elsewhere from a day on."""

    agency: AgencyCode
    policy: str
    terms: ElsewhereTerms
    effective_from: date
    recorded_at: AwareDatetime
    decree: str

    @classmethod
    def example(cls) -> Self:
        """Two days a week for half of the people, inside the city."""
        return cls(
            agency=AgencyCode("PEMKOT"),
            policy="PEMKOT-elsewhere-v1",
            terms=ElsewhereTerms.model_validate(_EXAMPLE),
            effective_from=date(2026, 12, 1),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            decree="SE Wali Kota 40/2026",
        )
