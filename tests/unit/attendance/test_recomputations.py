"""What a recomputation reports: nothing where nothing changes, else both results."""

from datetime import time

from rules.patterns import Hours, Week
from services.attendance.recomputations.model import compared, difference, recomputing
from tests.unit.attendance.builders import a_day, a_punch, the_rules

LATER = Hours(time(8), time(16, 30))
EASIER = Week((LATER,) * 5 + (None, None))


def test_a_day_under_the_same_rules_has_no_difference():
    day = a_day(a_punch("in", "07:42:10"), a_punch("out", "16:45:00"))

    assert difference(day, the_rules()) is None


def test_a_day_under_other_rules_is_reported_before_and_after():
    day = a_day(a_punch("in", "07:42:10"), a_punch("out", "16:45:00"))

    found = difference(day, the_rules(week=EASIER))

    assert (found.before.status, found.before.late_minutes, found.before.late_band) == (
        "late",
        12,
        "TL1",
    )
    assert (found.after.status, found.after.late_minutes, found.after.late_band) == (
        "present",
        0,
        None,
    )
    assert found.after.expected_start.isoformat() == "2026-11-24T08:00:00+07:00"


def test_what_was_changed_is_told_from_the_state_that_was_changed():
    planned_on = a_day(a_punch("in", "07:42:10"))
    meanwhile = planned_on.check_in(a_punch("in", "07:35:00"), the_rules()).state
    rules, told = the_rules(week=EASIER), []

    decision = recomputing(rules, told.append)(meanwhile)

    assert told == [compared(meanwhile, decision.state)]
    assert told[0].before.late_minutes == 5
