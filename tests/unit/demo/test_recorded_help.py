"""The help requests of the played day, judged by the contract's own models."""

from datetime import date

from contracts.help_requests import ImportHelpRequests
from deploy.demo.play.cast import Cast, Person
from deploy.demo.play.recorded_help import EPISODES, LATE, item
from deploy.demo.play.workday import most_recent
from rules.presets import city_schedule
from rules.working_time import working_minutes_between

FRIDAY, MONDAY = most_recent(date(2026, 11, 21)), most_recent(date(2026, 11, 24))
RAMADAN = most_recent(date(2026, 2, 28))


def a_cast_of_heads() -> Cast:
    agencies = sorted({each for one in EPISODES for each in (one.asking, one.receiving)})
    people = [
        Person(f"{code}-{place}", f"{code} {place}", None, code, name)
        for code in agencies
        for place, name in enumerate((f"kepala.{code.lower()}", None, None))
    ]
    return Cast(tuple(people), ())


def test_every_episode_is_a_request_that_can_be_imported() -> None:
    items = [item(MONDAY, a_cast_of_heads(), episode) for episode in EPISODES]

    assert len(ImportHelpRequests(items=items).items) == len(EPISODES)


def test_steps_follow_one_another() -> None:
    for episode in EPISODES:
        moments = [step["at"] for step in item(MONDAY, a_cast_of_heads(), episode)["steps"]]

        assert moments == sorted(moments)


def test_one_is_declined_and_one_is_late_on_every_kind_of_day() -> None:
    assert [one.rating for one in EPISODES].count(None) == 1
    for day in (MONDAY, FRIDAY, RAMADAN):
        late = [
            working_minutes_between(day.at(one.asked), day.at(one.answered), city_schedule()) > 240
            for one in EPISODES
        ]
        assert late == [place == LATE for place in range(len(EPISODES))], day
