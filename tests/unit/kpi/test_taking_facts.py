"""Taking facts in, in any order, in any batches, with repeats and deaths, gives what they say."""

import contextlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from contracts.kpi import AgencyScorecardChanged, CityScorecardChanged, ScorecardChanged
from services.kpi.ledger.model import Fact
from services.kpi.scorecards.city import CityCard
from services.kpi.scorecards.recomputing import score_agencies, score_city, score_employees
from services.kpi.scorecards.running import AgencyCard, EmployeeCard
from tests.unit.kpi.builders import BUDI, SRI, a_day, answered, confirmed
from tests.unit.kpi.fakes import Died, a_service

NOVEMBER = "2026-11"
PEOPLE = (SRI, BUDI)
AGENCIES = ("BKPSDM", "DINKES")


async def settle(kpi: Any) -> None:
    await score_employees(kpi)
    await score_agencies(kpi)
    await score_city(kpi)


async def taken(*facts: Fact) -> Any:
    kpi = a_service()
    kpi.facts.keep(facts)
    await settle(kpi)
    return kpi


def card(kpi: Any, employee: str = SRI, period: str = NOVEMBER) -> EmployeeCard:
    return kpi.cards.state(EmployeeCard, employee, period)


def agency_card(kpi: Any, agency: str = "BKPSDM", period: str = NOVEMBER) -> AgencyCard:
    return kpi.cards.state(AgencyCard, agency, period)


async def test_a_late_day_is_in_the_score_of_the_person_and_of_the_agency():
    kpi = await taken(a_day("present", on=date(2026, 11, 23)), a_day("late"))

    assert card(kpi).score == Decimal("50.0000")
    assert agency_card(kpi).values == {
        "punctuality": Decimal("50.0000"),
        "help_rating": None,
        "response_time": None,
    }
    assert [type(event) for event in kpi.cards.events] == [
        ScorecardChanged,
        AgencyScorecardChanged,
        CityScorecardChanged,
    ]


async def test_a_fact_that_says_what_is_known_writes_nothing():
    kpi = await taken(a_day("present"))
    writes = kpi.cards.writes

    kpi.facts.keep([a_day("left_early", sequence=2), a_day("present", sequence=3)])
    await settle(kpi)

    assert kpi.cards.writes == writes


async def test_an_older_fact_that_arrives_later_changes_nothing():
    kpi = await taken(a_day("present", sequence=1))
    kpi.facts.keep([a_day("present", sequence=3)])  # known already: nothing is written
    await settle(kpi)

    kpi.facts.keep([a_day("late", sequence=2)])
    await settle(kpi)

    assert card(kpi).score == Decimal("100.0000")


async def test_a_day_that_moved_to_another_agency_leaves_the_old_one():
    kpi = await taken(a_day("late", agency="BKPSDM"))

    kpi.facts.keep([a_day("late", agency="DINKES", sequence=2)])
    await settle(kpi)

    assert agency_card(kpi, "BKPSDM").score is None
    assert agency_card(kpi, "DINKES").score == Decimal("0.0000")
    assert card(kpi).agency == "DINKES"


async def test_a_day_that_moved_and_no_longer_counts_leaves_the_old_agency_too():
    kpi = await taken(a_day("late", agency="BKPSDM"))

    kpi.facts.keep([a_day("leave", agency="DINKES", sequence=2)])
    await settle(kpi)

    assert agency_card(kpi, "BKPSDM").score is None


async def test_a_day_that_came_back_and_no_longer_counts_leaves_where_it_was_meanwhile():
    kpi = await taken(a_day("present", agency="BKPSDM"))
    for sequence, (status, agency) in enumerate((("present", "DINKES"), ("leave", "BKPSDM")), 2):
        kpi.facts.keep([a_day(status, agency=agency, sequence=sequence)])
        await settle(kpi)

    assert agency_card(kpi, "DINKES").score is None
    assert agency_card(kpi, "BKPSDM").score is None


async def test_leave_approved_afterwards_takes_the_day_out():
    kpi = await taken(a_day("absent"))

    kpi.facts.keep([a_day("leave", sequence=2)])
    await settle(kpi)

    assert card(kpi).score is None
    assert kpi.cards.events[-3] == ScorecardChanged(
        employee=SRI, agency=AgencyCode("BKPSDM"), period=NOVEMBER, score=None
    )


async def test_two_people_helped_and_their_agency_answered():
    kpi = await taken(
        answered(120, agency="DINKES"),
        answered(600, agency="DINKES", request="r2", declined=True),
        confirmed(4, people=(SRI, BUDI), agency="DINKES"),
        confirmed(None, people=(SRI,), agency="DINKES", request="r3"),
    )

    assert card(kpi, SRI).values["help_rating"] == Decimal("4.0000")
    assert card(kpi, BUDI).values["help_rating"] == Decimal("4.0000")
    assert agency_card(kpi, "DINKES").values == {
        "punctuality": None,
        "help_rating": Decimal("4.0000"),
        "response_time": Decimal("360.0000"),
    }


async def test_months_are_kept_apart():
    kpi = await taken(a_day("late", on=date(2026, 11, 30)), a_day("present", on=date(2026, 12, 1)))

    assert card(kpi, period="2026-11").score == Decimal("0.0000")
    assert card(kpi, period="2026-12").score == Decimal("100.0000")


STATUSES = st.sampled_from(["present", "late", "absent", "open", "leave", "left_early"])


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Facts about two people in two agencies over three days, and some help between them."""
    facts = []
    for person in PEOPLE:
        for day in (23, 24, 30):
            steps = draw(st.lists(st.tuples(STATUSES, st.sampled_from(AGENCIES)), max_size=3))
            facts += [
                a_day(
                    status,
                    employee=person,
                    agency=agency,
                    on=date(2026, 11, day),
                    sequence=sequence,
                )
                for sequence, (status, agency) in enumerate(steps, start=1)
            ]
    for number in range(draw(st.integers(0, 3))):
        agency = draw(st.sampled_from(AGENCIES))
        minutes = draw(st.integers(0, 900))
        facts.append(answered(minutes, agency=agency, request=f"r{number}"))
        people = tuple(draw(st.sets(st.sampled_from(PEOPLE))))
        rating = draw(st.none() | st.integers(1, 5))
        facts.append(confirmed(rating, people=people, agency=agency, request=f"r{number}"))
        if draw(st.booleans()):  # put right afterwards: other people, another rating
            people = tuple(draw(st.sets(st.sampled_from(PEOPLE))))
            facts.append(
                confirmed(3, people=people, agency=agency, request=f"r{number}", sequence=6)
            )
    return facts


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Fact], list[list[Fact]]]:
    """A history, and the batches in which it arrives: shuffled, cut anywhere, some of it twice."""
    history = draw(histories())
    again = draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    arriving = draw(st.permutations([*history, *again]))
    batches, rest = [], list(arriving)
    while rest:
        size = draw(st.integers(1, len(rest)))
        batches.append(rest[:size])
        rest = rest[size:]
    return history, batches


@settings(deadline=None, max_examples=100)
@given(deliveries())
async def test_order_batches_and_repeats_of_facts_do_not_matter(
    delivery: tuple[list[Fact], list[list[Fact]]],
):
    history, batches = delivery
    kpi = a_service()

    for batch in batches:
        kpi.facts.keep(batch)
        await settle(kpi)

    assert_equals_what_the_facts_say(kpi, history)


@settings(deadline=None, max_examples=100)
@given(deliveries(), st.lists(st.integers(0, 6), min_size=1, max_size=8))
async def test_a_job_that_dies_anywhere_and_is_done_again_changes_nothing_twice(
    delivery: tuple[list[Fact], list[list[Fact]]], deaths: list[int]
):
    history, batches = delivery
    kpi = a_service()

    for number, batch in enumerate(batches):
        kpi.facts.keep(batch)
        kpi.cards.lives = deaths[number % len(deaths)]
        with contextlib.suppress(Died):
            await settle(kpi)
        kpi.cards.lives = None
    await settle(kpi)

    assert_equals_what_the_facts_say(kpi, history)


@settings(deadline=None, max_examples=100)
@given(histories())
async def test_the_last_event_of_a_card_says_what_the_card_says(history: list[Fact]):
    kpi = await taken(*history)

    last = {
        event.agency: event.lines
        for event in kpi.cards.events
        if isinstance(event, AgencyScorecardChanged)
    }
    assert last == {
        agency: found.values
        for agency in AGENCIES
        if (found := agency_card(kpi, agency)) is not None and agency in last
    }
    scores = {event.employee: event.score for event in kpi.cards.events if is_personal(event)}
    assert scores == {person: card(kpi, person).score for person in scores}


def assert_equals_what_the_facts_say(kpi: Any, facts: Sequence[Fact]) -> None:
    """The scores, computed here by other means than the service's."""
    for person in PEOPLE:
        ratios = [
            ratio(in_time_of(days_that_rule(facts, person=person))),
            mean_of(ratings_that_rule(facts, person=person)),
        ]
        found = card(kpi, person)
        assert (found.score if found else None) == weighed(ratios, [50, 30])
    for agency in AGENCIES:
        minutes = [
            fact.data.response_minutes
            for fact in facts
            if fact.type == "tasks.help_request.accepted.v1" and fact.agency == agency
        ]
        ratios = [
            ratio(in_time_of(days_that_rule(facts, agency=agency))),
            mean_of(ratings_that_rule(facts, agency=agency)),
            min(1.0, 240 / max(median(minutes), 1e-9)) if minutes else None,
        ]
        found = agency_card(kpi, agency)
        assert (found.score if found else None) == weighed(ratios, [50, 30, 20])

    minutes = [
        fact.data.response_minutes
        for fact in facts
        if fact.type == "tasks.help_request.accepted.v1"
    ]
    ratios = [
        ratio(in_time_of(days_that_rule(facts))),
        mean_of(ratings_that_rule(facts)),
        min(1.0, 240 / max(median(minutes), 1e-9)) if minutes else None,
    ]
    city = kpi.cards.state(CityCard, "city", NOVEMBER)
    assert (city.score if city else None) == weighed(ratios, [50, 30, 20])


def is_personal(event):
    return isinstance(event, ScorecardChanged)


def days_that_rule(facts, *, person=None, agency=None):
    newest = {}
    for fact in sorted(facts, key=lambda fact: fact.sequence):
        if fact.type == "attendance.day.changed.v1":
            newest[fact.employee, fact.date] = fact
    return [
        fact
        for fact in newest.values()
        if person in (None, fact.employee) and agency in (None, fact.agency)
    ]


def in_time_of(days):
    verdicts = {"present": 1, "left_early": 1, "late": 0, "absent": 0}
    return [verdicts[day.data.status] for day in days if day.data.status in verdicts]


def ratings_that_rule(facts, *, person=None, agency=None):
    newest = {}
    for fact in sorted(facts, key=lambda fact: fact.sequence):
        if fact.type == "tasks.help_request.confirmed.v1":
            newest[fact.subject] = fact
    return [
        fact.data.rating
        for fact in newest.values()
        if fact.data.rating
        and (person is None or person in fact.people)
        and agency in (None, fact.agency)
    ]


def ratio(values):
    return sum(values) / len(values) if values else None


def mean_of(ratings):
    return sum(ratings) / len(ratings) / 5 if ratings else None


def weighed(ratios, weights):
    there = [
        (ratio, weight) for ratio, weight in zip(ratios, weights, strict=True) if ratio is not None
    ]
    if not there:
        return None
    points = sum(ratio * weight for ratio, weight in there) / sum(weight for _, weight in there)
    return NearlyEqual(points * 100)


class NearlyEqual:
    """A figure computed with floats: equal to what differs by less than the last place shown."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimal) and abs(float(other) - self.value) < 0.000_051

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"about {self.value}"
