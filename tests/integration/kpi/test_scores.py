"""Facts go in through the broker, scores come out through the gateway."""

import time
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from tests.unit.kpi.builders import a_confirmation, a_day_changed, a_response
from tests.waiting import eventually

NOVEMBER = "2026-11"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def score_of(ask):
    """Wait until a scorecard has this score (as text, or None); returns it."""

    async def wait(subject, expected, by="admin", period=NOVEMBER):
        async def right():
            answer = await ask(f"/{subject}/scorecard", by, period=period)
            assert answer.status_code == 200, answer.text
            card = answer.json()
            return card if card["score"] == expected else None

        return await eventually(right, within_s=15)

    return wait


async def test_late_once_in_four_days(publish, hire, score_of):
    person = await hire("PKM")
    statuses = ("present", "late", "left_early", "present")

    await publish(
        *(
            a_day_changed(status, employee=person, agency="PKM", on=date(2026, 11, 2 + number))
            for number, status in enumerate(statuses)
        )
    )

    card = await score_of(f"employees/{person}", "75.0000", by=person)
    assert card["subject"] == {
        "id": person,
        "name": f"Orang {person[:4]}",
        "position": "Analis",
        "agency": "PKM",
    }
    assert card["period"] == NOVEMBER
    assert card["status"] == "running"
    assert card["missing"] == ["help_rating"]
    assert card["lines"] == [
        {
            "indicator": "punctuality",
            "version": "punctuality/2026-01-01",
            "value": "75.0000",
            "unit": "percent",
            "target": "100.0000",
            "achievement": "0.7500",
            "weight": "100.0000",
            "contribution": "75.0000",
        }
    ]


async def test_without_facts_the_score_is_null(ask, hire):
    person = await hire("PKM")

    answer = await ask(f"/employees/{person}/scorecard", person)

    assert answer.json()["score"] is None
    assert answer.json()["missing"] == ["punctuality", "help_rating"]


async def test_repeats_and_disorder_change_nothing(scatter, hire, score_of, ask, heard):
    person = await hire("PKM")
    month = "2026-03"
    events = []
    for day in range(2, 22):
        on = date(2026, 3, day)
        for sequence, status in enumerate(("open", "late", "present", "left_early"), start=1):
            final = "late" if status == "left_early" and day % 5 == 0 else status
            events.append(
                a_day_changed(final, employee=person, agency="PKM", on=on, sequence=sequence)
            )

    await scatter(*events)

    await score_of(f"employees/{person}", "80.0000", period=month)
    await score_of("agencies/PKM", "80.0000", period=month)
    exported = await ask.pages("/facts", employee=person, period=month, limit=7)
    assert sorted(fact["id"] for fact in exported) == sorted(event.id for event in events)
    sequences = [event["sequence"] for event in heard(f"{person}:{month}")]
    assert sequences == list(range(1, len(sequences) + 1))
    assert heard(f"{person}:{month}")[-1]["data"]["score"] == "80.0000"


async def test_who_was_where_on_which_day_counts_there(publish, hire, score_of):
    person = await hire("PKM")
    period = "2026-04"
    first, second = (
        a_day_changed("late", employee=person, agency="BKPSDM", on=date(2026, 4, 15)),
        a_day_changed("present", employee=person, agency="DINKES", on=date(2026, 4, 16)),
    )

    await publish(first, second)

    await score_of("agencies/BKPSDM", "0.0000", period=period)
    await score_of("agencies/DINKES", "100.0000", period=period)
    await score_of(f"employees/{person}", "50.0000", period=period)


async def test_a_decree_signed_late_moves_a_day_to_another_agency(publish, hire, score_of):
    person = await hire("PKM")
    on, period = date(2026, 5, 15), "2026-05"
    await publish(a_day_changed("late", employee=person, agency="BKPSDM", on=on))
    await score_of("agencies/BKPSDM", "0.0000", period=period)

    await publish(a_day_changed("late", employee=person, agency="DINKES", on=on, sequence=2))

    await score_of("agencies/DINKES", "0.0000", period=period)
    await score_of("agencies/BKPSDM", None, period=period)


async def test_help_counts_for_those_who_helped(publish, hire, score_of, heard):
    asked_of, helper = await hire("DINKES"), await hire("DINKES")
    request = f"help-{asked_of}"

    await publish(
        a_response(480, agency="DINKES", request=request),
        a_response(120, agency="DINKES", request=f"{request}-2", declined=True),
        a_confirmation(4, people=(asked_of, helper), agency="DINKES", request=request),
    )

    for person in (asked_of, helper):
        card = await score_of(f"employees/{person}", "80.0000")
        assert card["missing"] == ["punctuality"]
    lines = {
        "punctuality": None,
        "help_rating": "4.0000",
        "response_time": "300.0000",
    }
    await eventually(
        lambda: any(
            event["data"]["lines"] == lines and event["data"]["agency"] == "DINKES"
            for event in heard(f"DINKES:{NOVEMBER}")
        ),
        within_s=15,
    )
    # 4/5 of 30 and 240/300 of 20, spread over 50
    await score_of("agencies/DINKES", "80.0000")


async def test_quarter_and_year_are_their_months_together(publish, hire, score_of):
    person = await hire("PKM")
    await publish(
        a_day_changed("present", employee=person, agency="PKM", on=date(2026, 7, 31)),
        a_day_changed("late", employee=person, agency="PKM", on=date(2026, 8, 3)),
        a_day_changed("present", employee=person, agency="PKM", on=date(2026, 12, 1)),
        a_day_changed("present", employee=person, agency="PKM", on=date(2026, 12, 2)),
    )

    await score_of(f"employees/{person}", "50.0000", period="2026-Q3")
    await score_of(f"employees/{person}", "75.0000", period="2026")


async def test_the_city_is_all_its_agencies_together(publish, hire, ask, heard):
    period = "2027-02"
    here, there = await hire("PKM"), await hire("BKPSDM")
    await publish(
        a_day_changed("present", employee=here, agency="PKM", on=date(2027, 2, 5)),
        a_day_changed("late", employee=there, agency="BKPSDM", on=date(2027, 2, 5)),
        a_day_changed("late", employee=there, agency="BKPSDM", on=date(2027, 2, 6)),
        a_day_changed("late", employee=there, agency="BKPSDM", on=date(2027, 2, 7)),
    )

    async def added_up():
        answer = await ask("/city/scorecard", here, period=period)
        return answer.json() if answer.json()["score"] == "25.0000" else None

    card = await eventually(added_up, within_s=15)
    line = (await ask("/city/scorecard/lines/punctuality", here, period=period)).json()

    assert (card["subject"], card["missing"]) == ("city", ["help_rating", "response_time"])
    assert line["inputs"] == {"hits": "1.0000", "count": "4.0000"}
    assert line["parts"] == [
        {"agency": "BKPSDM", "value": "0.0000"},
        {"agency": "PKM", "value": "100.0000"},
    ]
    assert (await ask("/city/scorecard", "jabar")).status_code == 403
    await eventually(lambda: heard(period))
    assert heard(period)[-1]["type"] == "kpi.city_scorecard.changed.v1"


class TestReadingWhatOneWrote:
    async def test_the_score_waits_for_the_fact(self, publish, hire, ask):
        person = await hire("PKM")
        event = a_day_changed("late", employee=person, agency="PKM", on=date(2026, 9, 1))

        await publish(event)
        own = await ask(
            f"/employees/{person}/scorecard", person, after=event.mark, period="2026-09"
        )
        agency = await ask("/agencies/PKM/scorecard", person, after=event.mark, period="2026-09")

        assert own.json()["score"] == "0.0000"
        assert "X-Behind" not in own.headers
        assert agency.json()["score"] == "0.0000"

    async def test_what_does_not_come_in_time_is_said(self, hire, ask):
        person = await hire("PKM")
        began = time.monotonic()

        answer = await ask(f"/employees/{person}/scorecard", person, after=f"{person}:2026-11-24@3")

        assert answer.status_code == 200
        assert answer.headers["X-Behind"] == "true"
        assert 0.9 < time.monotonic() - began < 3


class TestExplanation:
    async def test_a_line_opens_to_formula_inputs_and_the_facts_that_rule(
        self, scatter, hire, ask, score_of
    ):
        person = await hire("PKM")
        first = [
            a_day_changed("open", employee=person, agency="PKM", on=date(2026, 2, 2 + number))
            for number in range(4)
        ]
        ruling = [
            a_day_changed(
                "late" if number == 0 else "present",
                employee=person,
                agency="PKM",
                on=date(2026, 2, 2 + number),
                sequence=2,
            )
            for number in range(4)
        ]
        await scatter(*first, *ruling)
        await score_of(f"employees/{person}", "75.0000", period="2026-02")
        path = f"/employees/{person}/scorecard/lines/punctuality"

        told = (await ask(path, person, period="2026-02")).json()
        paged = await ask.pages(path, person, period="2026-02", limit=3)

        assert told["inputs"] == {"hits": "3.0000", "count": "4.0000"}
        assert told["version"] == "punctuality/2026-01-01"
        assert told["formula"].startswith("share(days")
        assert "days in time" in told["meaning"]
        assert [fact["id"] for fact in told["facts"]] == [event.id for event in ruling]
        assert paged == told["facts"]
        assert told["facts"][0]["subject"] == f"{person}:2026-02-02"

    async def test_an_agencys_line_opens_to_the_newest_fact_of_each_day(
        self, publish, hire, ask, score_of
    ):
        people = [await hire("PKM") for _ in range(3)]
        on = date(2026, 6, 2)
        await publish(
            *(a_day_changed("present", employee=one, agency="PKM", on=on) for one in people)
        )
        await score_of("agencies/PKM", "100.0000", period="2026-06")
        newest = [
            a_day_changed("left_early", employee=one, agency="PKM", on=on, sequence=2)
            for one in people
        ]
        await publish(*newest)

        async def ruling():
            facts = await ask.pages(
                "/agencies/PKM/scorecard/lines/punctuality",
                "kepala.dinkes",
                period="2026-06",
                limit=2,
            )
            return {fact["id"] for fact in facts} == {event.id for event in newest}

        await eventually(ruling)

    async def test_a_line_without_facts_says_which_rule_takes_its_place(self, hire, ask):
        person = await hire("PKM")

        told = (await ask(f"/employees/{person}/scorecard/lines/help_rating", person)).json()

        assert told["missing"] is True
        assert told["value"] is None
        assert "drops out" in told["missing_rule"]


class TestTakingAScoreApart:
    async def test_what_if_one_fact_were_another(self, publish, hire, ask, score_of):
        person = await hire("PKM")
        days = [
            a_day_changed(status, employee=person, agency="PKM", on=date(2027, 5, day))
            for day, status in ((3, "late"), (4, "present"))
        ]
        await publish(*days)
        await score_of(f"employees/{person}", "50.0000", period="2027-05")
        path = f"/employees/{person}/scorecard/what-if"
        excused = {"fact": days[0].id, "status": "present", "late_minutes": 0}

        told = await ask.post(path, person, body=excused, period="2027-05")
        gone = await ask.post(
            path, person, body={"fact": days[1].id, "removed": True}, period="2027-05"
        )
        rated = {"fact": days[0].id, "rating": 5}
        wrong = await ask.post(path, person, body=rated, period="2027-05")

        assert told.status_code == 200, told.text
        assert (told.json()["score_before"], told.json()["score_after"]) == ("50.0000", "100.0000")
        assert [line["indicator"] for line in told.json()["lines"]] == ["punctuality"]
        assert gone.json()["score_after"] == "0.0000"
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/change/rating")
        await score_of(f"employees/{person}", "50.0000", period="2027-05")

    async def test_two_computations_differ_by_the_facts_that_came_between(
        self, publish, hire, ask, score_of
    ):
        person = await hire("PKM")
        first = a_day_changed("late", employee=person, agency="PKM", on=date(2027, 6, 1))
        second = a_day_changed(
            "present", employee=person, agency="PKM", on=date(2027, 6, 1), sequence=2
        )
        await publish(first, second)
        await score_of(f"employees/{person}", "100.0000", period="2027-06")
        path = f"/employees/{person}/scorecard/differences"
        moment = {"from": first.time.isoformat(), "period": "2027-06"}

        told = (await ask(path, person, **moment)).json()
        same = (await ask(path, person, to=first.time.isoformat(), **moment)).json()

        assert (told["score_before"], told["score_after"]) == ("0.0000", "100.0000")
        (fact,) = told["facts"]
        assert (fact["before"]["id"], fact["after"]["id"]) == (first.id, second.id)
        assert (same["lines"], same["facts"]) == ([], [])


async def test_a_score_can_be_computed_again_from_exported_facts_alone(
    scatter, hire, ask, score_of
):
    """By a few lines that know the published formulas and nothing of ours."""
    people = [await hire("PKM") for _ in range(3)]
    events = []
    for number, person in enumerate(people):
        for day in range(5, 17):
            status = ("present", "late", "absent", "leave", "incomplete")[(day * (number + 3)) % 5]
            on = date(2026, 10, 1) + timedelta(days=day)
            events.append(a_day_changed("open", employee=person, agency="PKM", on=on))
            events.append(a_day_changed(status, employee=person, agency="PKM", on=on, sequence=2))

    await scatter(*events)

    async def settled():
        facts = await ask.pages("/facts", agency="PKM", period="2026-10", limit=50)
        return facts if len(facts) == len(events) else None

    facts = await eventually(settled)
    for person in people:
        await score_of(f"employees/{person}", computed(facts, employee=person), period="2026-10")
    await score_of("agencies/PKM", computed(facts), period="2026-10")


def computed(facts, employee=None):
    newest = {}
    for fact in facts:
        known = newest.get(fact["subject"])
        if known is None or known["sequence"] < fact["sequence"]:
            newest[fact["subject"]] = fact
    judged = [
        fact["data"]
        for fact in newest.values()
        if employee in (None, fact["employee"])
        and fact["data"]["working_day"]
        and fact["data"]["status"]
        not in ("open", "holiday", "off", "leave", "duty", "sick", "elsewhere")
    ]
    in_time = [day for day in judged if day["first_in"] and day["late_minutes"] == 0]
    figure = Decimal(100) * len(in_time) / len(judged)
    return str(figure.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))


class TestWhoMayAsk:
    @pytest.fixture
    async def person(self, hire):
        self.supervisor = await hire("PKM")
        self.colleague = await hire("PKM")
        return await hire("PKM", supervisor=self.supervisor)

    @pytest.mark.parametrize(
        "path",
        [
            "/employees/{}/scorecard",
            "/employees/{}/scorecard/lines/punctuality",
            "/facts?employee={}",
        ],
    )
    async def test_a_persons_score(self, ask, person, path):
        path = path.format(person)

        for allowed in (person, self.supervisor, "kepala.dinkes", "admin", "auditor"):
            assert (await ask(path, allowed)).status_code == 200, allowed
        for denied in (self.colleague, "kepala.bkpsdm", "jabar", "loader"):
            answer = await ask(path, denied)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), denied

    async def test_an_agencys_score_is_open_inside_its_facts_to_those_who_lead_it(
        self, ask, person
    ):
        expected = {
            person: (200, 403),
            "kepala.bkpsdm": (200, 403),
            "kepala.dinkes": (200, 200),
            "admin": (200, 200),
            "auditor": (200, 200),
            "jabar": (403, 403),
            "loader": (403, 403),
        }
        for by, statuses in expected.items():
            card = await ask("/agencies/PKM/scorecard", by)
            line = await ask("/agencies/PKM/scorecard/lines/punctuality", by)
            facts = await ask("/facts", by, agency="PKM")
            assert (card.status_code, line.status_code) == statuses, by
            assert facts.status_code == statuses[1], by

    async def test_me_is_the_caller(self, ask, person):
        answer = await ask("/employees/me/scorecard", person)

        assert answer.json()["subject"]["id"] == person

    async def test_an_export_does_not_name_who_else_took_part(self, ask, publish, hire):
        first, second = await hire("PKM"), await hire("PKM")
        await publish(a_confirmation(5, people=(first, second), agency="PKM", request=f"h-{first}"))

        async def exported():
            return (await ask("/facts", first, employee=first, period=NOVEMBER)).json()["items"]

        facts = await eventually(exported)
        assert facts[0]["people"] == [first]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/employees/me/scorecard?period=2026-13", 422, "validation_failed"),
        ("/employees/me/scorecard?period=9999", 422, "validation_failed"),
        ("/agencies/PKM/scorecard?period=x", 422, "validation_failed"),
        ("/agencies/TIDAK-ADA/scorecard", 404, "not_found"),
        (f"/employees/{NOBODY}/scorecard", 404, "not_found"),
        ("/employees/a%00b/scorecard", 404, "not_found"),
        ("/employees/me/scorecard/lines/response_time", 404, "not_found"),
        ("/employees/me/scorecard/lines/nothing", 404, "not_found"),
        ("/employees/me/scorecard/lines/punctuality?cursor=%F0", 422, "validation_failed"),
        ("/employees/me/scorecard/lines/punctuality?sort=date", 422, "validation_failed"),
        ("/employees/me/scorecard/lines/punctuality?limit=201", 422, "validation_failed"),
        ("/facts", 422, "validation_failed"),
        ("/facts?employee=me&agency=PKM", 422, "validation_failed"),
        ("/facts?employee=me&cursor=bm90aGluZw", 422, "validation_failed"),
        ("/indicators?on=tomorrow", 422, "validation_failed"),
    ],
)
async def test_what_cannot_be_asked(ask, hire, path, status, code):
    person = await hire("PKM")

    answer = await ask(path, person)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_everybody_may_read_the_indicators(ask):
    answer = await ask("/indicators", "jabar", on="2026-01-15")

    items = answer.json()["items"]
    assert {item["code"]: (item["target"], item["weight"], item["scope"]) for item in items} == {
        "punctuality": ("100.0000", "50.0000", ["employee", "agency", "city"]),
        "help_rating": ("5.0000", "30.0000", ["employee", "agency", "city"]),
        "response_time": ("240.0000", "20.0000", ["agency", "city"]),
    }
    assert (await ask("/indicators", "jabar", on="2025-12-31")).json()["items"] == []


async def test_agency_facts_include_the_agencies_below_unless_exact(ask, publish, hire):
    person = await hire("PKM")
    event = a_day_changed("present", employee=person, agency="PKM", on=date(2026, 1, 15))
    await publish(event)

    async def below():
        found = await ask.pages("/facts", "kepala.dinkes", agency="DINKES", period="2026-01")
        return [fact["id"] for fact in found] == [event.id]

    await eventually(below)
    exact = await ask("/facts", "kepala.dinkes", agency="DINKES", period="2026-01", exact="true")
    assert exact.json()["items"] == []


async def test_no_mark_is_left_when_all_is_taken_in(store, score_of, publish, hire):
    person = await hire("PKM")
    await publish(a_day_changed("present", employee=person, agency="PKM"))
    await score_of(f"employees/{person}", "100.0000")

    async def settled():
        waiting = [
            await store.collection(name).count_documents({})
            for name in (
                *("facts_to_score", "facts_to_score_for_agencies", "months_to_score_for_city"),
                *("cards_to_judge_anew", "outbox"),
            )
        ]
        return waiting == [0] * 5

    await eventually(settled, within_s=15)
