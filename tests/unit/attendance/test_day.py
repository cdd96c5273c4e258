"""What a day becomes as people come, move and go."""

from datetime import date, time, timedelta

import pytest
from pydantic import TypeAdapter

from contracts.attendance import CheckInRecorded, DayChanged
from contracts.outcome import Refusal
from rules.patterns import Hours, Shift
from services.attendance.days.explanation import RULES
from services.attendance.days.model import Day, day_id
from tests.unit.attendance.builders import (
    TUESDAY,
    a_blank_day,
    a_day,
    a_punch,
    at,
    the_rules,
)

PRESENT, LATE, LEFT_EARLY = ("present",) * 2, ("late",) * 2, ("left_early",) * 2
BOTH, INCOMPLETE = ("late_and_left_early",) * 2, ("incomplete",) * 2
HOLIDAY, SATURDAY = date(2026, 12, 25), date(2026, 11, 28)


def closed(day: Day, rules=None) -> Day:
    return day.close(rules or the_rules()).state


@pytest.mark.parametrize(
    ("punches", "statuses", "minutes"),
    [
        ([], ("open", "absent"), (0, 0, None)),
        ([("in", "07:20")], ("present", "incomplete"), (0, 0, None)),
        ([("in", "07:30:59")], ("present", "incomplete"), (0, 0, None)),
        ([("in", "07:31")], ("late", "incomplete"), (1, 0, None)),
        ([("out", "16:40")], INCOMPLETE, (0, 0, None)),
        ([("out", "12:00")], INCOMPLETE, (0, 270, None)),
        ([("in", "07:20"), ("out", "16:31")], PRESENT, (0, 0, 491)),
        ([("in", "07:30"), ("out", "16:30")], PRESENT, (0, 0, 480)),
        ([("in", "07:30"), ("out", "16:29:30")], PRESENT, (0, 0, 479)),
        ([("in", "08:01"), ("out", "16:30")], LATE, (31, 0, 449)),
        ([("in", "07:30"), ("out", "16:29")], LEFT_EARLY, (0, 1, 479)),
        ([("in", "08:00"), ("out", "15:00")], BOTH, (30, 90, 360)),
        ([("in", "07:30"), ("out", "12:30")], LEFT_EARLY, (0, 240, 270)),
        ([("in", "12:10"), ("out", "12:50")], BOTH, (280, 220, 0)),
        # back from an errand and no departure since
        (
            [("in", "07:30"), ("out", "10:00"), ("in", "11:00")],
            ("present", "incomplete"),
            (0, 0, None),
        ),
        (
            [("in", "07:30"), ("out", "10:00"), ("in", "11:00"), ("out", "16:30")],
            PRESENT,
            (0, 0, 480),
        ),
        # a wrong key on the way out changes nothing after hours
        ([("in", "07:30"), ("out", "16:31"), ("in", "16:34")], PRESENT, (0, 0, 481)),
        # a departure before the first arrival belongs to nothing
        ([("out", "06:00"), ("in", "07:30")], ("present", "incomplete"), (0, 0, None)),
        # the last of several departures counts
        ([("in", "07:30"), ("out", "16:00"), ("out", "16:40")], PRESENT, (0, 0, 490)),
    ],
)
def test_a_working_day_is_what_its_punches_say(punches, statuses, minutes):
    day = a_day(*(a_punch(*punch) for punch in punches))

    assert (day.status, closed(day).status) == statuses
    assert (day.late_minutes, day.early_minutes, day.worked_minutes) == minutes


@pytest.mark.parametrize(("on", "status"), [(HOLIDAY, "holiday"), (SATURDAY, "off")])
def test_on_a_free_day_work_is_counted_and_nobody_is_late(on, status):
    rules = the_rules(on)
    came = a_punch("in", at("09:00", on))
    left = a_punch("out", at("15:00", on))

    day = a_day(came, left, rules=rules)

    assert (day.status, closed(day, rules).status) == (status, status)
    assert (day.late_minutes, day.early_minutes, day.worked_minutes) == (0, 0, 360)
    assert closed(a_blank_day(rules), rules).status == status


def test_ramadan_begins_half_an_hour_later():
    on = date(2026, 2, 19)
    rules = the_rules(on)

    assert a_day(a_punch("in", at("08:00:59", on)), rules=rules).status == "present"
    assert a_day(a_punch("in", at("08:01", on)), rules=rules).late_minutes == 1


@pytest.mark.parametrize(
    ("came", "left", "minutes", "hours"),
    [
        # PMK 221/2021: 90 minutes both ways, the end moves alike
        ("07:30", "16:30", (0, 0), ("07:30", "16:30")),
        ("08:15:40", "17:15", (0, 0), ("08:15", "17:15")),
        ("08:15", "16:30", (0, 45), ("08:15", "17:15")),
        ("09:00:59", "18:00", (0, 0), ("09:00", "18:00")),
        ("09:01", "18:00", (1, 0), ("09:00", "18:00")),
        ("06:30", "15:30", (0, 0), ("06:30", "15:30")),
        ("05:00", "15:00", (0, 0), ("06:00", "15:00")),
    ],
)
def test_flexible_hours_move_the_end_with_the_start(came, left, minutes, hours):
    rules = the_rules(flexible_minutes=90)

    day = a_day(a_punch("in", came), a_punch("out", left), rules=rules)

    assert (day.late_minutes, day.early_minutes) == minutes
    assert [day.expected_start, day.expected_end] == [at(hour) for hour in hours]


def test_a_night_shift_is_one_day():
    rules = the_rules(TUESDAY, Shift(TUESDAY, "malam", Hours(time(21), time(7))))

    day = a_day(a_punch("in", "21:05"), a_punch("out", "2026-11-25T07:00"), rules=rules)

    assert (day.date, day.status, day.late_minutes, day.worked_minutes) == (TUESDAY, "late", 5, 595)


def test_a_second_office_is_a_move():
    day = a_day(a_punch("in", "07:20"), a_punch("in", "09:00", "JEBRES", number="move"))

    assert day.punch("move").move
    assert day.first_in == at("07:20")
    assert day.presence == "JEBRES"


def test_an_arrival_elsewhere_after_leaving_is_no_move():
    day = a_day(
        a_punch("in", "07:20"),
        a_punch("out", "08:00"),
        a_punch("in", "09:00", "JEBRES", number="back"),
    )

    assert not day.punch("back").move
    assert day.presence == "JEBRES"


def test_whoever_left_is_nowhere():
    assert a_day(a_punch("in", "07:20"), a_punch("out", "16:30")).presence is None


@pytest.mark.parametrize("second", ["07:20:00", "07:20:01", "07:22:00"])
def test_the_same_movement_within_two_minutes_is_a_repeat(second):
    day = a_day(a_punch("in", "07:20:00"))

    with pytest.raises(Refusal) as refused:
        day.check_in(a_punch("in", second), the_rules())

    assert refused.value.problem.code == "already_checked_in"
    assert refused.value.problem.facts == {
        "at": "2026-11-24T07:20:00+07:00",
        "office": "BALAIKOTA",
    }


def test_taps_of_one_second_are_one_whichever_is_decided_first():
    day = a_day(a_punch("in", "07:20:00.700"))

    with pytest.raises(Refusal, match="already_checked_in"):
        day.check_in(a_punch("in", "07:20:00.300"), the_rules())


@pytest.mark.parametrize(
    ("direction", "moment", "office"),
    [
        ("in", "07:22:00.001", "BALAIKOTA"),
        ("in", "07:19:59.999", "BALAIKOTA"),
        ("in", "07:21", "JEBRES"),
        ("out", "07:21", "BALAIKOTA"),
        ("in", "07:19", "BALAIKOTA"),
    ],
)
def test_another_movement_or_a_later_one_is_no_repeat(direction, moment, office):
    day = a_day(a_punch("in", "07:20"), a_punch(direction, moment, office))

    assert len(day.punches) == 2


def test_coming_back_after_a_wrong_key_is_no_repeat_of_the_first_arrival():
    day = a_day(a_punch("in", "07:20:00"), a_punch("out", "07:20:20"), a_punch("in", "07:20:40"))

    assert day.presence == "BALAIKOTA"


def test_a_later_repeat_is_stored_and_changes_nothing_but_the_record():
    before = a_day(a_punch("in", "07:20"))

    decision = before.check_in(a_punch("in", "08:00", number="again"), the_rules())

    assert decision.state.punch("again") is not None
    assert decision.state.first_in == before.first_in
    assert decision.state.late_minutes == 0
    assert [type(event) for event in decision.events] == [CheckInRecorded, DayChanged]


def test_an_earlier_moment_always_enters_and_becomes_the_arrival():
    day = a_day(
        a_punch("in", "08:10", "JEBRES", number="online"), a_punch("in", "07:25", number="offline")
    )

    assert day.first_in == at("07:25")
    assert day.status == "present"
    assert day.punch("online").move
    assert [punch.id for punch in day.punches] == ["offline", "online"]


def test_a_check_in_says_what_was_recorded_and_then_what_the_day_became():
    rules = the_rules()

    recorded, changed = a_blank_day().check_in(a_punch("in", "07:45", number="p1"), rules).events

    assert recorded == CheckInRecorded(
        check_in="p1",
        employee="siti",
        agency="BKPSDM",
        date=TUESDAY,
        direction="in",
        office="BALAIKOTA",
        method="position",
        at=at("07:45"),
        received_at=at("07:45"),
    )
    assert changed == DayChanged(
        employee="siti",
        agency="BKPSDM",
        date=TUESDAY,
        status="late",
        working_day=True,
        pattern="surakarta-ordinary",
        policy_version="surakarta-ordinary/2026-01-01",
        expected_start=at("07:30"),
        expected_end=at("16:30"),
        first_in=at("07:45"),
        late_minutes=15,
        late_band="TL1",
        present_in="BALAIKOTA",
        moved_at=at("07:45"),
    )


def test_closing_says_so_once():
    rules = the_rules()
    decision = a_blank_day().close(rules)

    assert [event.status for event in decision.events] == ["absent"]
    assert decision.state.closed
    assert decision.state.close(rules).events == ()


def test_late_data_still_enter_a_closed_day():
    absent = closed(a_blank_day())

    day = absent.check_in(a_punch("in", "07:20"), the_rules()).state
    day = day.check_in(a_punch("out", "16:30"), the_rules()).state

    assert day.closed
    assert day.status == "present"


@pytest.mark.parametrize(
    ("punch", "late_band", "early_band"),
    [
        # Permentan 68/2012: no scan counts as the highest band
        (("in", "07:20"), None, "PSW4"),
        (("in", "07:40"), "TL1", "PSW4"),
        (("out", "16:30"), "TL4", None),
    ],
)
def test_a_missing_scan_has_a_band_once_the_day_is_closed(punch, late_band, early_band):
    day = closed(a_day(a_punch(*punch)))

    assert (day.late_band, day.early_band) == (late_band, early_band)
    assert day.worked_minutes is None


def test_only_the_arrival_that_counts_is_late():
    day = a_day(
        a_punch("in", "07:40", number="first"),
        a_punch("in", "09:00", "JEBRES", number="move"),
        a_punch("out", "16:30", number="last"),
    )

    assert [day.late_minutes_of(each) for each in ("first", "move", "last", "none")] == [
        10,
        0,
        0,
        0,
    ]


def test_new_rules_change_the_day_and_say_so_only_then():
    day = a_day(a_punch("in", "07:40"))
    lenient = the_rules(id="surakarta-ordinary/2026-01-01b", flexible_minutes=30)

    assert day.rejudge(the_rules()).events == ()
    (changed,) = day.rejudge(lenient).events
    assert (changed.status, changed.policy_version) == ("present", "surakarta-ordinary/2026-01-01b")


def test_a_retroactive_transfer_gives_the_day_to_the_other_agency():
    (changed,) = a_day(a_punch("in", "07:20")).rejudge(the_rules(), agency="DINKES").events

    assert changed.agency == "DINKES"


@pytest.mark.parametrize(
    ("scans", "first_in", "last_out"),
    [
        ([("in", "07:20"), ("out", "16:35")], "07:20", "16:35"),
        ([("out", "07:20"), ("in", "16:35")], "07:20", "16:35"),  # wrong keys
        ([("in", "07:20"), ("in", "16:35")], "07:20", "16:35"),  # nobody presses a key
        ([("in", "07:20"), ("in", "07:24")], "07:20", None),  # twice, to be sure
        ([("in", "13:00"), ("out", "16:35")], "13:00", "16:35"),  # after the middle, the key helps
        ([("in", "07:20"), ("out", "10:00")], "07:20", "10:00"),
        ([("out", "16:35")], None, "16:35"),
    ],
)
def test_scans_of_a_machine_are_read_by_the_pattern_not_by_the_key(scans, first_in, last_out):
    day = a_day(*(a_punch(*scan, method="device") for scan in scans))

    assert day.first_in == (at(first_in) if first_in else None)
    assert day.last_out == (at(last_out) if last_out else None)


def test_the_day_explains_itself_from_the_rule_to_the_status():
    day = a_day(a_punch("in", "07:31", number="p1"), a_punch("out", "16:00", number="p2"))
    version = "surakarta-ordinary/2026-01-01"

    assert [(reason.rule, reason.facts, reason.result) for reason in day.explanation] == [
        ("pattern", (version,), "surakarta-ordinary 07:30–16:30"),
        ("first_in", ("p1",), "2026-11-24T07:31:00+07:00"),
        ("last_out", ("p2",), "2026-11-24T16:00:00+07:00"),
        ("worked", ("p1", "p2"), "449"),
        ("late", ("p1", version), "1"),
        ("late_band", (version,), "TL1"),
        ("early", ("p2", version), "30"),
        ("early_band", (version,), "PSW1"),
        ("status", (version,), "late_and_left_early"),
    ]


@pytest.mark.parametrize(
    ("day", "rule", "result"),
    [
        (a_blank_day(the_rules(HOLIDAY)), "holiday", "Hari Raya Natal"),
        (a_blank_day(the_rules(SATURDAY)), "off", "2026-11-28"),
        (
            a_blank_day(the_rules(date(2026, 2, 19))),
            "pattern",
            "surakarta-ordinary (ramadan) 08:00–15:30",
        ),
        (a_blank_day(the_rules(TUESDAY, Shift(TUESDAY, "lepas", None))), "shift", "off"),
        (a_day(a_punch("in", "07:20")), "no_departure", "awaited"),
        (closed(a_day(a_punch("in", "07:20"))), "no_departure", "closed"),
        (a_day(a_punch("out", "16:30")), "no_arrival", "awaited"),
        (
            a_day(a_punch("in", "08:00"), rules=the_rules(flexible_minutes=90)),
            "flexible",
            "08:00–17:00",
        ),
    ],
)
def test_every_reason_is_named_and_has_words_in_both_languages(day, rule, result):
    reasons = {reason.rule: reason.result for reason in day.explanation}

    assert reasons[rule] == result
    assert reasons.keys() <= RULES.keys()
    assert all(text.id and text.en for text in RULES.values())


def test_a_day_survives_being_stored():
    rules = the_rules(HOLIDAY)
    day = closed(a_day(a_punch("in", at("09:00", HOLIDAY)), rules=rules), rules)
    adapter = TypeAdapter(Day)

    assert adapter.validate_python(adapter.dump_python(day)) == day
    assert adapter.validate_json(adapter.dump_json(day)) == day


def test_a_person_has_one_day_per_date():
    assert a_blank_day().id == day_id("siti", TUESDAY) == "siti:2026-11-24"


def test_presence_of_a_day_without_an_office_is_nowhere():
    assert a_day(a_punch("in", "05:30", None, method="duty")).presence is None


def test_a_day_of_the_week_after_is_judged_by_its_own_date():
    friday = TUESDAY + timedelta(days=3)
    rules = the_rules(friday)

    day = a_day(
        a_punch("in", at("07:30", friday)), a_punch("out", at("14:30", friday)), rules=rules
    )

    assert (day.status, day.worked_minutes) == ("present", 330)
