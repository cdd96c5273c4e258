"""What the KPI service says and is asked: facts, indicators, scores that explain themselves."""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # fields are called date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.attendance_terms import DayStatus
from contracts.envelope import AgencyCode, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView

PeriodText = Annotated[
    str, StringConstraints(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?$", max_length=7)
]
"""A month (``2026-11``), a quarter (``2026-Q4``) or a year (``2026``)."""

MonthText = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", max_length=7)]
"""A month (``2026-11``)."""

IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SubjectKind = Literal["employee", "agency", "city"]
Direction = Literal["higher", "lower"]


class Words(Value):
    """A text in both languages of the product."""

    id: str = Field(min_length=1, max_length=1_000)
    en: str = Field(min_length=1, max_length=1_000)

    def told(self, language: str) -> str:
        """The text in a language; Indonesian where it is not English that is asked for."""
        return self.en if language == "en" else self.id


_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_MOMENT = datetime(2026, 11, 24, 0, 21, 40, tzinfo=UTC)


class ScorecardChanged(EventData, type="kpi.scorecard.changed.v1"):
    """The running score of an employee in a month is another one now."""

    employee: EmployeeId
    agency: AgencyCode
    period: str
    score: Decimal | None = None

    @classmethod
    def example(cls) -> Self:
        """A person who was late once in sixteen working days."""
        return cls(
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            period="2026-11",
            score=Decimal("96.0938"),
        )


class AgencyScore(Value):
    """What other governments see of an agency's score."""

    model_config = {"extra": "ignore"}

    agency: str
    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]


class AgencyScorecardChanged(EventData, type="kpi.agency_scorecard.changed.v1", public=AgencyScore):
    """The running score of an agency in a month is another one now; values per indicator."""

    agency: AgencyCode
    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]

    @classmethod
    def example(cls) -> Self:
        """An agency that has not been asked for help in this month."""
        lines = {
            "punctuality": Decimal("96.8750"),
            "help_rating": Decimal("4.5000"),
            "response_time": None,
        }
        return cls(
            agency=AgencyCode("BKPSDM"),
            period="2026-11",
            score=Decimal("94.2969"),
            lines=lines,
        )


class CityScore(Value):
    """What other governments see of the city's score."""

    model_config = {"extra": "ignore"}

    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]


class CityScorecardChanged(
    EventData, type="kpi.city_scorecard.changed.v1", since="1.1", public=CityScore
):
    """The running score of the whole city in a month is another one now; values per indicator."""

    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]

    @classmethod
    def example(cls) -> Self:
        """A city whose agencies answer quickly."""
        lines: dict[str, Decimal | None] = {
            "punctuality": Decimal("95.1200"),
            "help_rating": Decimal("4.4000"),
            "response_time": Decimal("180.0000"),
        }
        return cls(period="2026-11", score=Decimal("94.2000"), lines=lines)


class GetEmployeeScorecard(QueryBody, name="kpi.get_employee_scorecard"):
    """The score of a person in a period; without one, in the running month."""

    employee: EmployeeId = Field(max_length=64)
    period: PeriodText | None = None


class GetAgencyScorecard(QueryBody, name="kpi.get_agency_scorecard"):
    """The score of an agency in a period; without one, in the running month.

    A ``revision`` is that of a closing of the month.
    """

    agency: str = Field(max_length=40)
    period: PeriodText | None = None
    revision: int | None = Field(default=None, ge=1)


class GetCityScorecard(QueryBody, name="kpi.get_city_scorecard"):
    """The score of the whole city in a period; without one, in the running month."""

    period: PeriodText | None = None


class ExplainCityLine(QueryBody, name="kpi.explain_city_line"):
    """How a line of the city's score came about: inputs, and what each agency adds to it."""

    indicator: str = Field(max_length=40)
    period: PeriodText | None = None


class ExplainEmployeeLine(QueryBody, name="kpi.explain_employee_line"):
    """How a line of a person's score came about, down to the facts."""

    employee: EmployeeId = Field(max_length=64)
    indicator: str = Field(max_length=40)
    period: PeriodText | None = None
    paging: Paging = Paging()


class ExplainAgencyLine(QueryBody, name="kpi.explain_agency_line"):
    """How a line of an agency's score came about, down to the facts."""

    agency: str = Field(max_length=40)
    indicator: str = Field(max_length=40)
    period: PeriodText | None = None
    paging: Paging = Paging()


class ExportFacts(QueryBody, name="kpi.export_facts"):
    """The facts about a person, or about an agency (with those below unless ``exact``)."""

    employee: EmployeeId | None = Field(default=None, max_length=64)
    agency: str | None = Field(default=None, max_length=40)
    exact: bool = False
    period: PeriodText | None = None
    paging: Paging = Paging()


class DayFact(Value):
    """What a changed day says that scores and their readers need.

    ``locked`` is the closed period that holds the day, in its ``revision``.
    """

    status: DayStatus
    working_day: bool
    late_minutes: int
    late_band: str | None = None
    early_minutes: int = 0
    early_band: str | None = None
    first_in: AwareDatetime | None = None
    policy_version: str
    locked: str | None = None
    revision: int | None = None


class HelpFact(Value):
    """What an answered or confirmed help request says that scores and their readers need."""

    number: str
    asking_agency: AgencyCode
    helping_agency: AgencyCode | None = None
    responding_agency: AgencyCode | None = None
    requested_at: AwareDatetime
    at: AwareDatetime
    response_minutes: int | None = None
    rating: int | None = None
    imported: bool = False


class MeasurementFact(Value):
    """What was measured of a subject for an indicator in a month; null takes it back."""

    indicator: IndicatorCode
    measured: str
    measured_kind: SubjectKind
    period: str
    value: Decimal | None
    unit: str
    source: str


class FactView(Value):
    """A fact of the ledger, as it was taken in and as it stays.

    ``subject`` is the day or help request it is about. Of several facts about one day (or one
    confirmation) the one with the highest ``sequence`` rules; ``agency`` is where it counts.
    """

    id: str
    type: str
    time: AwareDatetime
    subject: str
    sequence: int
    employee: EmployeeId | None = None
    people: tuple[EmployeeId, ...] = ()
    agency: AgencyCode
    date: Date
    period: str
    data: DayFact | HelpFact | MeasurementFact

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "id": "019b2f4e-8d00-7a3b-8a51-0f6f3a6d1c77",
                    "type": "attendance.day.changed.v1",
                    "time": "2026-11-24T00:21:41Z",
                    "subject": f"{_EMPLOYEE}:2026-11-24",
                    "sequence": 2,
                    "employee": _EMPLOYEE,
                    "people": [],
                    "agency": "BKPSDM",
                    "date": "2026-11-24",
                    "period": "2026-11",
                    "data": {
                        "status": "present",
                        "working_day": True,
                        "late_minutes": 0,
                        "first_in": "2026-11-24T00:21:40Z",
                        "policy_version": "surakarta-ordinary/2026-01-01",
                    },
                }
            ]
        }
    }


class ScoreLine(Value):
    """One indicator in a score; figures have four places, ``contribution`` is in points of 100."""

    indicator: IndicatorCode
    version: str
    value: Decimal
    unit: str
    target: Decimal
    achievement: Decimal
    weight: Decimal
    contribution: Decimal


class SettledScore(Value):
    """A closed month whose score came out otherwise afterwards; settled in this period."""

    period: str
    revision: int
    before: Decimal | None
    after: Decimal | None


class _Scorecard(Value):
    period: str
    status: Literal["running", "closed"] = "running"
    score: Decimal | None
    predicate: str | None = None
    lines: tuple[ScoreLine, ...]
    missing: tuple[IndicatorCode, ...]
    as_of: AwareDatetime
    revision: int | None = None
    fingerprint: str | None = None
    settlements: tuple[SettledScore, ...] = ()
    actions: tuple[str, ...] = ()


def _card(subject: Any) -> dict[str, Any]:
    line = {
        "indicator": "punctuality",
        "version": "punctuality/2026-01-01",
        "value": "93.7500",
        "unit": "percent",
        "target": "100.0000",
        "achievement": "0.9375",
        "weight": "100.0000",
        "contribution": "93.7500",
    }
    card = {"subject": subject, "period": "2026-11", "status": "running", "score": "93.7500"}
    rest = {"lines": [line], "missing": ["help_rating"], "as_of": "2026-11-24T00:21:41Z"}
    return {**card, **rest, "actions": ["explain"]}


class EmployeeScorecardView(_Scorecard):
    """A person's score; an indicator without facts is named in ``missing``, none left is null."""

    subject: PersonView

    model_config = {
        "json_schema_extra": {
            "examples": [
                _card(
                    {
                        "id": _EMPLOYEE,
                        "name": "Contoh Pegawai",
                        "position": "Analis SDM Aparatur",
                        "agency": "BKPSDM",
                    }
                )
            ]
        }
    }


class AgencyScorecardView(_Scorecard):
    """An agency's score; an indicator without facts is named in ``missing``, none left is null."""

    subject: AgencyCode

    model_config = {"json_schema_extra": {"examples": [_card("BKPSDM")]}}


class CityScorecardView(_Scorecard):
    """The whole city's score; an indicator without facts is named in ``missing``."""

    subject: Literal["city"] = "city"

    model_config = {"json_schema_extra": {"examples": [_card("city")]}}


class LinePart(Value):
    """What one agency's own value is, in the city's line; null where it has too few facts."""

    agency: AgencyCode
    value: Decimal | None


class LineExplanation(Value):
    """How a figure came about: formula, inputs, and the facts that rule now, a page at a time.

    The city's line has ``parts`` instead of facts: each agency's line opens down to them.
    """

    subject: str
    period: str
    indicator: IndicatorCode
    version: str
    name: str
    formula: str
    meaning: str
    unit: str
    direction: Direction
    target: Decimal
    cap: Decimal
    inputs: dict[str, Decimal]
    value: Decimal | None
    achievement: Decimal | None
    weight: Decimal | None
    contribution: Decimal | None
    missing: bool
    missing_rule: str
    facts: tuple[FactView, ...]
    parts: tuple[LinePart, ...] = ()
    next_cursor: str | None = None
