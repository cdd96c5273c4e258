"""The script of the played day."""

from datetime import date, timedelta

from deploy.demo.play.arrivals import script
from deploy.demo.play.workday import most_recent
from tests.unit.demo.builders import a_cast

DAY = most_recent(date(2026, 11, 24))
CAST = a_cast(600)
PLAN = script(DAY, CAST, CAST.people)


def test_the_same_date_gives_the_same_script() -> None:
    assert script(DAY, CAST, CAST.people) == PLAN
    assert script(most_recent(date(2026, 11, 25)), CAST, CAST.people) != PLAN


def test_nobody_changes_the_day_of_somebody_else() -> None:
    fewer = script(DAY, CAST, CAST.people[1:])

    assert set(fewer.arrivals) < set(PLAN.arrivals)


def test_everybody_arrives_between_seven_and_seven_forty() -> None:
    assert len(PLAN.arrivals) == len(CAST.people)
    assert all(DAY.at("07:00") <= scan.at <= DAY.at("07:40") for scan in PLAN.arrivals)


def test_some_are_late_some_elsewhere_some_twice_and_some_move() -> None:
    late = [scan for scan in PLAN.arrivals if scan.at >= DAY.at("07:31")]

    for some in (late, range(PLAN.elsewhere), PLAN.repeats, PLAN.moves):
        assert 20 < len(some) < 200


def test_a_double_tap_is_within_two_minutes_at_the_same_office() -> None:
    first = {scan.employee: scan for scan in PLAN.arrivals}

    for repeat in PLAN.repeats:
        arrival = first[repeat.employee]
        assert repeat.office == arrival.office
        assert timedelta() < repeat.at - arrival.at < timedelta(minutes=2)


def test_a_move_goes_to_another_office_and_the_departure_is_from_there() -> None:
    first = {scan.employee: scan for scan in PLAN.arrivals}
    last = {scan.employee: scan for scan in PLAN.departures}

    for move in PLAN.moves:
        assert move.office != first[move.employee].office
        assert move.employee not in last or last[move.employee].office == move.office
