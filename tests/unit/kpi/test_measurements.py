"""Measurements keep their history; keys open only what they were issued for."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.measurements import KeyRequest, MeasurementRecorded
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.kpi import access
from services.kpi.indicators.model import SHIPPED
from services.kpi.indicators.observations import OF_CITY, observe
from services.kpi.ledger.model import fact_of_measurement
from services.kpi.measurements import keys
from services.kpi.measurements.model import Entry, Measurement, Subject, fed, record
from services.kpi.scorecards import allocation
from services.kpi.scorecards.model import score
from tests.unit.kpi.builders import BUDI, SRI, an_event

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
BUDGET = SHIPPED[0].model_copy(
    update={
        "code": "budget",
        "formula": "mean(measurements.map(m, m.value))",
        "scope": ("employee", "agency", "city"),
    }
)
DINKES = Subject("agency", "DINKES", AgencyCode("DINKES"))
TREE = AgencyTree({"PEMKOT": None, "DINKES": "PEMKOT", "PKM": "DINKES", "BKPSDM": "PEMKOT"})


def entry(value: str | None) -> Entry:
    said = Decimal(value) if value else None
    return Entry(said, "a report", "hand", "admin", NOW)


def recorded(*values: str | None, subject: Subject = DINKES) -> tuple[Measurement, list[Any]]:
    known: Measurement | None = None
    events: list[Any] = []
    for value in values:
        decision = record(known, subject, BUDGET, "2026-11", entry(value))
        known = decision.state
        events += decision.events
    assert known is not None
    return known, events


def refused(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.problem.code


def test_a_further_value_rules_and_the_former_stays():
    measured, events = recorded("80", "81.5", None)

    assert [one.value for one in measured.history] == [Decimal(80), Decimal("81.5"), None]
    assert measured.value is None
    assert [event.value for event in events] == [Decimal(80), Decimal("81.5"), None]


def test_the_same_said_again_is_nothing_new():
    measured, events = recorded("80", "80.0")

    assert len(measured.history) == 1
    assert len(events) == 1


def test_nothing_is_taken_back_that_was_not_said():
    assert refused(lambda: recorded(None)) == "validation_failed"


@pytest.mark.parametrize(
    ("ruling", "code", "kind", "says"),
    [
        ([BUDGET], "nothing", "agency", "no indicator"),
        ([SHIPPED[0]], "punctuality", "agency", "other facts"),
        ([BUDGET.model_copy(update={"scope": ("employee",)})], "budget", "agency", "measures"),
    ],
)
def test_only_what_is_measured_takes_measurements(ruling: Any, code: str, kind: Any, says: str):
    with pytest.raises(Refusal) as caught:
        fed(ruling, code, kind)

    assert says in caught.value.problem.errors[0].detail


def a_fact(subject: Subject, value: str | None = "75.5", sequence: int = 1) -> Any:
    data = MeasurementRecorded(
        indicator="budget",
        subject=subject.id,
        subject_kind=subject.kind,
        employee=subject.employee,
        agency=subject.agency,
        period="2026-11",
        value=Decimal(value) if value else None,
        unit="percent",
        source="hand",
        at=NOW,
    )
    return fact_of_measurement(an_event(data, f"budget:{subject.id}:2026-11", sequence))


def test_a_measurement_counts_for_what_was_measured_alone():
    person = observe(a_fact(Subject("employee", SRI, AgencyCode("DINKES"))))
    agency = observe(a_fact(DINKES))
    city = observe(a_fact(Subject("city", "city", AgencyCode("PEMKOT"))))

    assert list(allocation.for_people([person, agency, city])) == [(SRI, "2026-11")]
    assert list(allocation.for_agencies([person, agency, city])) == [
        ("DINKES", "2026-11"),
        (OF_CITY, "2026-11"),
    ]


def test_it_enters_only_the_indicator_it_was_made_for():
    row = observe(a_fact(DINKES)).counted()
    assert row is not None
    other = BUDGET.model_copy(update={"code": "other"})

    sheet = score([(row, 1)], [BUDGET, other], "agency")

    assert sheet.values == {"budget": Decimal("75.5000"), "other": None}


def test_a_measurement_taken_back_counts_no_more():
    assert observe(a_fact(DINKES, None, 2)).row is None


class TestKeys:
    REQUEST = KeyRequest(name="SIPD", indicators=("budget",), until=date(2027, 12, 31))

    def key(self, secret: str) -> keys.Key:
        return keys.issue("k1", self.REQUEST, secret, by="admin", at=NOW).state

    def test_a_key_is_told_once_and_kept_as_a_digest(self):
        secret = keys.new_secret()
        key = self.key(secret)

        assert keys.parted(keys.told("k1", secret)) == ("k1", secret)
        assert secret not in repr(key)
        assert key.opens(secret, date(2026, 12, 1))
        assert not key.opens(keys.new_secret(), date(2026, 12, 1))

    def test_a_key_ends_with_its_day_and_when_it_is_revoked(self):
        secret = keys.new_secret()
        key = self.key(secret)
        revoked = keys.revoke(key, "k1", by="admin", at=NOW)

        assert key.opens(secret, date(2027, 12, 31))
        assert not key.opens(secret, date(2028, 1, 1))
        assert not revoked.state.opens(secret, date(2026, 12, 1))
        assert keys.revoke(revoked.state, "k1", by="admin", at=NOW).events == ()

    @pytest.mark.parametrize("text", ["", "smk_", "smk_k1", "smk_k1_", "abc_k1_x", "smk__x"])
    def test_what_is_no_key_is_refused(self, text: str):
        assert refused(lambda: keys.parted(text)) == "token_invalid"


@pytest.mark.parametrize(
    ("role", "scope", "employee", "subject", "allowed"),
    [
        ("admin", "*", None, DINKES, True),
        ("head", "DINKES", SRI, DINKES, True),
        ("head", "DINKES", SRI, Subject("employee", BUDI, AgencyCode("PKM")), True),
        ("head", "DINKES", SRI, Subject("employee", SRI, AgencyCode("DINKES")), False),
        ("head", "BKPSDM", SRI, DINKES, False),
        ("head", "DINKES", SRI, Subject("city", "city", AgencyCode("PEMKOT")), False),
        ("head", "PEMKOT", SRI, Subject("city", "city", AgencyCode("PEMKOT")), True),
        ("auditor", "*", None, DINKES, False),
        ("employee", "DINKES", SRI, Subject("employee", SRI, AgencyCode("DINKES")), False),
    ],
)
def test_who_may_measure(
    role: Any, scope: str, employee: EmployeeId | None, subject: Subject, allowed: bool
):
    actor = Actor(account="a", employee=employee, grants=(Grant(role=role, scope=scope),))

    if allowed:
        access.may_measure(actor, subject, TREE)
    else:
        assert refused(lambda: access.may_measure(actor, subject, TREE)) == "forbidden"
