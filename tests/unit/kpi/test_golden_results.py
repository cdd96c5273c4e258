"""The three shipped indicators give what pandas computes from the same facts by other means."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from services.kpi.indicators.model import SHIPPED, Book, shown
from services.kpi.indicators.observations import observe, ruling_among
from services.kpi.ledger.model import Fact
from services.kpi.scorecards.model import entries_for, rows_of, score
from tests.unit.kpi.builders import BUDI, SRI, a_day, answered, confirmed

STATUSES = (
    *("present", "present", "present", "late", "left_early", "late_and_left_early"),
    *("incomplete", "absent", "leave", "sick", "off", "open"),
)
UNJUDGED = ["open", "holiday", "off", "leave", "duty", "sick", "elsewhere"]
AGENCIES = ("BKPSDM", "DINKES", "DISKOMINFOSP")


def a_month_of_facts(seed: int) -> list[Fact]:
    chance = random.Random(seed)
    facts = []
    for person in (SRI, BUDI):
        for number in range(28):
            on = date(2026, 11, 1) + timedelta(days=number)
            for sequence in range(1, chance.randint(2, 5)):
                status = chance.choice(STATUSES)
                facts.append(
                    a_day(
                        status,
                        employee=person,
                        agency=chance.choice(AGENCIES[:2]),
                        on=on,
                        sequence=sequence,
                        arrived=chance.random() < 0.9,
                        late_minutes=chance.randint(1, 90) if "late" in status else 0,
                    )
                )
    for number in range(40):
        agency, request = chance.choice(AGENCIES), f"r{number}"
        minutes = chance.choice([None, *range(0, 900, 7)])
        facts.append(answered(minutes, agency=agency, request=request))
        rating = chance.choice([None, 1, 2, 3, 4, 5])
        people = tuple(chance.sample((SRI, BUDI), chance.randint(0, 2)))
        facts.append(confirmed(rating, people=people, agency=agency, request=request))
    chance.shuffle(facts)
    return facts


def table(facts: list[Fact]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "type": fact.type.split(".")[-2],
                "subject": fact.subject,
                "sequence": fact.sequence,
                "agency": fact.agency,
                "people": set(fact.people) | ({fact.employee} if fact.employee else set()),
                "arrived": getattr(fact.data, "first_in", None) is not None,
                **fact.data.model_dump(include={"status", "working_day", "late_minutes"}),
                **fact.data.model_dump(include={"rating", "response_minutes"}),
            }
            for fact in facts
        ]
    )


def by_pandas(facts: list[Fact], person: str | None, agency: str | None) -> dict[str, float]:
    every = table(facts)
    newest = every.sort_values("sequence").groupby(["type", "subject"]).tail(1)

    def mine(found: pd.DataFrame) -> pd.DataFrame:
        if person is not None:
            return found[found["people"].map(lambda people: person in people)]
        return found[found["agency"] == agency]

    days = mine(newest[newest["type"] == "changed"])
    judged = days[(days["working_day"] == True) & ~days["status"].isin(UNJUDGED)]  # noqa: E712
    excused = judged["arrived"] | judged["status"].isin(["present", "left_early"])
    in_time = (judged["status"] != "absent") & (judged["late_minutes"] == 0) & excused
    found = {
        "punctuality": 100 * in_time.mean(),
        "help_rating": mine(newest[newest["type"] == "confirmed"])["rating"].mean(),
    }
    if agency is not None:
        answers = mine(every[every["type"].isin(["accepted", "declined"])])
        found["response_time"] = answers["response_minutes"].median()
    return {code: float(value) for code, value in found.items() if pd.notna(value)}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("person", "agency"),
    [(SRI, None), (BUDI, None), (None, "BKPSDM"), (None, "DINKES"), (None, "DISKOMINFOSP")],
)
def test_values_are_those_of_another_tool(seed: int, person: str | None, agency: str | None):
    facts = a_month_of_facts(seed)
    rules = ruling_among(observe(fact) for fact in facts)
    entries = entries_for(rules, employee=person, agency=agency)

    sheet = score(
        rows_of(entries.values()),
        Book(SHIPPED).ruling(date(2026, 11, 1)),
        "employee" if person else "agency",
    )

    expected = by_pandas(facts, person, agency)
    assert expected
    assert {line.indicator.code for line in sheet.lines} == set(expected)
    for line in sheet.lines:
        assert float(line.value) == pytest.approx(expected[line.indicator.code], abs=0.000_06)


def test_figures_are_exact_where_floats_are_not():
    assert shown(Decimal("0.1") + Decimal("0.2")) == Decimal("0.3000")
