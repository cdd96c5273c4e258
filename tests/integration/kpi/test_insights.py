"""Dashboards: months in a row, peers without names, and scores before and after the start."""

from datetime import date

from tests.unit.kpi.builders import a_day_changed
from tests.waiting import eventually


async def test_months_come_in_a_row_for_those_who_may_see_them(ask, publish, hire):
    person, colleague = await hire("BKPSDM"), await hire("BKPSDM")
    await publish(
        a_day_changed("late", employee=person, agency="BKPSDM", on=date(2027, 8, 2)),
        a_day_changed("present", employee=person, agency="BKPSDM", on=date(2027, 10, 4)),
    )
    months = {"from": "2027-08", "to": "2027-10"}

    async def scores(by, **subject):
        answer = await ask("/insights/trend", by, **subject, **months)
        assert answer.status_code == 200, answer.text
        return [month["score"] for month in answer.json()["months"]]

    expected = ["0.0000", None, "100.0000"]
    for by, subject in (
        (person, {"employee": "me"}),
        (colleague, {"agency": "BKPSDM"}),
        (colleague, {}),
    ):

        async def as_expected(by=by, subject=subject):
            return await scores(by, **subject) == expected

        await eventually(as_expected, within_s=15)
    hidden = await ask("/insights/trend", colleague, employee=person, **months)
    too_many = await ask("/insights/trend", colleague, **{"from": "2020-01", "to": "2027-01"})
    assert hidden.status_code == 404
    assert too_many.json()["errors"][0]["pointer"] == "/to"


async def test_peers_are_quarters_without_names_and_small_groups_nothing(ask, publish, hire):
    position, month = "Penguji Kir", "2027-11"
    people = [await hire("BKPSDM", position=position) for _ in range(8)]
    alone = await hire("BKPSDM", position="Juru Kunci")
    await publish(
        *(
            a_day_changed(
                "late" if day < number else "present", employee=one, agency="BKPSDM", on=on
            )
            for number, one in enumerate(people)
            for day, on in enumerate(date(2027, 11, each) for each in (1, 2, 3, 4, 5, 8, 9, 10))
        ),
        a_day_changed("present", employee=alone, agency="BKPSDM", on=date(2027, 11, 1)),
    )

    async def all_scored():
        told = (await ask("/insights/peers", people[0], period=month)).json()
        complete = (told["people"], told["lower_quarter"], told["own"]) == (8, 25, "100.0000")
        return told if complete else None

    told = await eventually(all_scored, within_s=20)
    small = (await ask("/insights/peers", alone, period=month)).json()
    foreign = await ask("/insights/peers", people[1], employee=people[0], period=month)

    assert (told["middle"], told["upper_quarter"], told["band"]) == (50, 75, 4)
    assert not set(people) & set(str(told).split("'"))
    assert (small["suppressed"], small["people"], small["middle"]) == (True, None, None)
    assert foreign.status_code == 404


async def test_scores_before_and_after_the_start_of_an_agency(ask, publish, hire):
    """UJI takes part from January 2026 on; what is older was imported."""
    person = await hire("UJI")
    await publish(
        a_day_changed("late", employee=person, agency="UJI", on=date(2025, 12, 2)),
        a_day_changed("late", employee=person, agency="UJI", on=date(2026, 1, 6)),
        a_day_changed("present", employee=person, agency="UJI", on=date(2026, 2, 3)),
    )
    months = {"from": "2025-12", "to": "2026-02", "agency": "UJI"}

    async def told():
        answer = await ask("/insights/roll-out", person, **months)
        assert answer.status_code == 200, answer.text
        (found,) = answer.json()["agencies"] or [None]
        return found if found and found["after"]["months"] == 2 else None

    uji = await eventually(told, within_s=15)
    foreign = await ask("/insights/roll-out", "jabar", **months)

    assert (uji["agency"], uji["started"]) == ("UJI", "2026-01-01")
    assert (uji["before"]["months"], uji["before"]["values"]["punctuality"]) == (1, "0.0000")
    assert uji["after"]["values"]["punctuality"] == "50.0000"
    assert uji["after"]["values"]["help_rating"] is None
    assert foreign.status_code == 403
