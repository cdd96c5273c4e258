"""Measurements: what people or other systems measured for an indicator, with their history."""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # fields are called date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.envelope import AgencyCode, CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.kpi import IndicatorCode, MonthText, SubjectKind
from contracts.paging import Paging
from contracts.people import FileType, RejectedRow

MeasurementSource = Literal["hand", "system", "file"]
Measured = Annotated[
    Decimal, Field(ge=-1_000_000_000_000, le=1_000_000_000_000, max_digits=18, decimal_places=6)
]
Evidence = Annotated[str, StringConstraints(min_length=3, max_length=500)]
_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_MOMENT = datetime(2026, 11, 24, 0, 21, 40, tzinfo=UTC)


class MeasurementRequest(Value):
    """A measurement of a month; ``subject`` is a person's id, an agency's code, or ``city``.

    ``value`` null takes a measurement back. A further one for the same month rules from then on.
    """

    indicator: IndicatorCode
    subject: str = Field(min_length=1, max_length=64)
    period: MonthText
    value: Measured | None
    evidence: Evidence

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "indicator": "budget_absorbed",
                    "subject": "BKPSDM",
                    "period": "2026-11",
                    "value": "87.5",
                    "evidence": "LRA November, https://sipd.example/lra/11",
                }
            ]
        }
    }


class RecordMeasurement(CommandBody, name="kpi.record_measurement", feature="kpi.measurements"):
    """Somebody, or a system with a key, measured something for an indicator."""

    measurement: MeasurementRequest


class ImportMeasurements(CommandBody, name="kpi.import_measurements", feature="kpi.measurements"):
    """A file of measurements; with ``dry_run`` only checked."""

    content: str = Field(max_length=4_000_000)
    media_type: FileType
    dry_run: bool = False


class MeasurementEntry(Value):
    """One value in the history of a measurement; ``by`` is an account or ``key:<id>``."""

    number: int
    value: Decimal | None
    evidence: str
    source: MeasurementSource
    by: str
    at: AwareDatetime


class MeasurementView(Value):
    """What is measured of a subject for a month: the ruling value and every one before it."""

    id: str
    indicator: IndicatorCode
    subject: str
    subject_kind: SubjectKind
    agency: AgencyCode
    period: str
    value: Decimal | None
    unit: str
    history: tuple[MeasurementEntry, ...]
    version: int


class MeasurementsImported(Value):
    """What became of a file: rows taken, rows that say what is known, and every bad row."""

    dry_run: bool = False
    accepted: int
    unchanged: int = 0
    rejected: tuple[RejectedRow, ...] = ()


class ListMeasurements(QueryBody, name="kpi.list_measurements"):
    """Measurements of an agency with its people, or of one subject; newest months first."""

    indicator: str | None = Field(default=None, max_length=40)
    subject: str | None = Field(default=None, max_length=64)
    agency: str | None = Field(default=None, max_length=40)
    exact: bool = False
    period: MonthText | None = None
    paging: Paging = Paging()


class KeyRequest(Value):
    """A key for a system that measures; it may feed these indicators and do nothing else."""

    name: str = Field(min_length=2, max_length=100)
    indicators: tuple[IndicatorCode, ...] = Field(min_length=1, max_length=50)
    until: Date | None = None

    model_config = {
        "json_schema_extra": {
            "examples": [{"name": "SIPD", "indicators": ["budget_absorbed"], "until": "2027-12-31"}]
        }
    }


class IssueKey(QueryBody, name="kpi.issue_measurement_key"):
    """Make a key; its secret is shown this once and kept only as a digest."""

    request: KeyRequest


class UseKey(QueryBody, name="kpi.use_measurement_key"):
    """Whose key this is; asked by the gateway for each call that brings one."""

    key: str = Field(min_length=1, max_length=200)


class KeyUsed(Value):
    """A key that may be used now."""

    account: str


class ListKeys(QueryBody, name="kpi.list_measurement_keys"):
    """The keys that were issued, never their secrets."""

    paging: Paging = Paging()


class RevokeKey(CommandBody, name="kpi.revoke_measurement_key", feature="kpi.measurements"):
    """A key is refused from now on."""

    key_id: str = Field(min_length=1, max_length=64)


class KeyView(Value):
    """A key as it was issued; ``key`` is shown once, in the answer that issues it."""

    id: str
    name: str
    indicators: tuple[IndicatorCode, ...]
    until: Date | None
    issued_by: str
    issued_at: AwareDatetime
    revoked_by: str | None = None
    revoked_at: AwareDatetime | None = None
    key: str | None = None
    actions: tuple[str, ...] = ()


_EXAMPLE: dict[str, Any] = {
    "indicator": "budget_absorbed",
    "subject": "BKPSDM",
    "subject_kind": "agency",
    "agency": AgencyCode("BKPSDM"),
    "period": "2026-11",
    "value": Decimal("87.5"),
    "unit": "percent",
    "source": "system",
    "at": _MOMENT,
}


class MeasurementRecorded(EventData, type="kpi.measurement.recorded.v1", since="1.1"):
    """Something was measured for an indicator; of one subject and month the newest rules."""

    indicator: IndicatorCode
    subject: str
    subject_kind: SubjectKind
    employee: EmployeeId | None = None
    agency: AgencyCode
    period: str
    value: Decimal | None
    unit: str
    source: MeasurementSource
    at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """How much of its budget an agency has absorbed."""
        return cls.model_validate(_EXAMPLE)


class KeyIssued(EventData, type="kpi.measurement_key.issued.v1", since="1.1"):
    """A system was given a key for some indicators."""

    key: str
    indicators: tuple[IndicatorCode, ...]
    until: Date | None = None

    @classmethod
    def example(cls) -> Self:
        """A key for one indicator."""
        return cls(key="019b2f4e", indicators=("budget_absorbed",), until=Date(2027, 12, 31))


class KeyRevoked(EventData, type="kpi.measurement_key.revoked.v1", since="1.1"):
    """A key is refused from now on."""

    key: str
    indicators: tuple[IndicatorCode, ...]

    @classmethod
    def example(cls) -> Self:
        """The key of before."""
        return cls(key="019b2f4e", indicators=("budget_absorbed",))
