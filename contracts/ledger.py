"""The ledger itself: whether it has what its sources have, and the seals of its exports."""

from datetime import UTC, datetime
from typing import Self

from pydantic import AwareDatetime, Field

from contracts.envelope import Code, CommandBody, EventData, QueryBody, Value
from contracts.kpi import MonthText
from contracts.paging import Paging


class CheckRequest(Value):
    """A month, and an agency with those below it; without one, all."""

    period: MonthText
    agency: Code | None = None

    model_config = {"json_schema_extra": {"examples": [{"period": "2026-11", "agency": "DINKES"}]}}


class CheckLedger(CommandBody, name="kpi.check_ledger", feature="kpi.ledger"):
    """Compare the ledger with what its sources count, day by day: a job with a report."""

    check: CheckRequest


class ListSeals(QueryBody, name="kpi.list_seals"):
    """The seals of the ledger's exports, the newest first."""

    period: MonthText | None = None
    paging: Paging = Paging()


class SealView(Value):
    """An export of a month: how many facts, the SHA-256 of its bytes, and of the seal before."""

    id: str
    period: str
    number: int
    facts: int
    sha256: str
    previous: str | None
    sealed_at: AwareDatetime


_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class LedgerSealed(EventData, type="kpi.ledger.sealed.v1", since="1.1"):
    """The facts of a month were exported; the digest is outside the house from now on."""

    period: str
    number: int = Field(ge=1)
    facts: int = Field(ge=0)
    sha256: str
    previous: str | None = None
    sealed_at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """The first export of a month."""
        return cls(
            period="2026-11",
            number=1,
            facts=382_104,
            sha256=_DIGEST,
            sealed_at=datetime(2026, 12, 1, 1, tzinfo=UTC),
        )
