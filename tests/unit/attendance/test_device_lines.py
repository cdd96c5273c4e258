"""Lines of machines: every trap of domain.md §4.4 and §4.5, the samples, and bent variants."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.device_lines import attlog, operations, pushed
from services.attendance.device_lines.marks import (
    CLOCK,
    DAY,
    PIN,
    clock_key,
    day_key,
    parts,
    pin_key,
)
from services.attendance.device_lines.model import NotALine, punches_of
from services.attendance.device_lines.reading import told
from services.attendance.devices.contacts import clock_drift_s
from tests.unit.attendance.builders import TUESDAY, a_blank_day, a_day, a_punch, at, the_rules
from tests.unit.attendance.device_builders import (
    SAMPLES,
    a_batch,
    a_device,
    an_act,
    lines_of,
    sample,
)

SATURDAY = TUESDAY + timedelta(days=4)


@pytest.mark.parametrize(
    ("name", "pins", "states"),
    [
        ("attlog-4-fields.body", ["1001"], ["0"]),
        ("attlog-5-fields-lf.body", ["1001", "1002", "1003"], ["0", "0", "0"]),
        ("attlog-7-fields-crlf.body", ["1001", "1002"], ["1", "1"]),
        ("attlog-10-fields.body", ["1001"], ["0"]),
        ("attlog-trailing-tab-crlf.body", ["1001"], ["0"]),
        ("attlog-odd-pins.body", ["0000123", "198503122010011007", "A17", "9999"], ["0"] * 4),
        ("attlog-empty.body", [], []),
    ],
)
def test_the_first_four_fields_mean_the_same_in_every_form(name, pins, states):
    lines = lines_of(*sample(name))

    assert [line.pin for line in lines] == pins
    assert [line.state for line in lines] == states
    assert {line.status for line in lines} <= {"unmapped"}


def test_a_bad_line_is_set_aside_and_the_rest_goes_on():
    batch = a_batch(*sample("attlog-bad-lines.body"))
    taken = told(batch, batch.kept(), {line.id for line in batch.kept()})

    assert taken.lines == 5
    assert [odd.line for odd in taken.unreadable] == [2, 3, 6]
    assert [odd.text for odd in taken.unreadable][1] == "garbage without tabs"
    assert taken.unmapped_lines == 2
    (kept,) = [line for line in batch.kept() if line.state == "255"]
    assert kept.verify == "200"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "tabs"),
        ("1001", "tabs"),
        ("1001,2026-11-24 07:11:58,0,1", "tabs"),  # no splitting on commas
        ("10 01\t2026-11-24 07:11:58\t0\t1", "PIN"),
        ("10٠1\t2026-11-24 07:11:58\t0\t1", "PIN"),
        ("1" * 25 + "\t2026-11-24 07:11:58\t0\t1", "PIN"),
        ("1001\t2026-11-24T07:11:58\t0\t1", "time"),
        ("1001\t2026-11-24 07:11\t0\t1", "time"),
        ("1001\t2026-02-30 07:11:58\t0\t1", "time"),
        ("1001\t0000-00-00 00:00:00\t0\t1", "time"),
        ("1001\t0001-01-01 00:00:00\t0\t1", "time"),
        ("1001\t9999-12-31 23:59:59\t0\t1", "time"),
        ("1001\t2026-11-24 24:00:00\t0\t1", "time"),
        ("1001\t2026-11-24 07:11:58\tin\t1", "state"),
        ("1001\t2026-11-24 07:11:58\t0\tfinger", "verify"),
    ],
)
def test_what_cannot_be_read_says_why(raw, reason):
    with pytest.raises(NotALine, match=reason):
        pushed.read(raw)


def test_leading_zeros_and_letters_of_a_pin_stay():
    assert pushed.read("0007\t2026-11-24 07:11:58\t0\t1").pin == "0007"
    assert pushed.read("A17\t2026-11-24 07:11:58").pin == "A17"


def test_the_same_line_is_the_same_however_it_comes():
    resent = lines_of(*sample("attlog-resend.body"))
    before = {line.id for line in lines_of(*sample("attlog-5-fields-lf.body"))}
    from_file = lines_of("  1001\t2026-11-24 07:11:58\t7\t0\t1\t0", source="file")

    assert len({line.id for line in resent} - before) == 1
    assert {line.id for line in from_file} <= before
    assert {line.punch for line in from_file} <= {line.punch for line in resent}


def test_another_machine_pin_moment_or_key_is_another_line():
    (line,) = lines_of("1001\t2026-11-24 07:11:58\t0\t1")
    others = [
        *lines_of("1001\t2026-11-24 07:11:58\t0\t1", device=a_device(serial="OTHER1")),
        *lines_of("01001\t2026-11-24 07:11:58\t0\t1"),
        *lines_of("1001\t2026-11-24 07:11:59\t0\t1"),
        *lines_of("1001\t2026-11-24 07:11:58\t1\t1"),
    ]

    assert line.id not in {other.id for other in others}
    assert len({other.punch for other in others}) == 4


def test_a_repeat_inside_a_batch_counts_as_one():
    raw = "1001\t2026-11-24 07:11:58\t0\t1"
    batch = a_batch(raw, raw, raw)
    taken = told(batch, batch.kept(), {line.id for line in batch.kept()})

    assert (taken.lines, taken.unmapped_lines, taken.duplicates) == (3, 1, 2)


@pytest.mark.parametrize(
    ("wall", "status", "flags"),
    [
        ("2000-01-01 00:00:07", "implausible", ("clock_reset",)),
        ("1980-01-01 00:00:07", "implausible", ("clock_reset",)),
        ("2009-12-31 23:59:59", "implausible", ("clock_reset",)),
        ("2026-11-24 18:06:00", "implausible", ("clock_ahead",)),
        ("2099-01-01 00:00:00", "implausible", ("clock_ahead",)),
        ("2026-11-24 18:04:59", "unmapped", ()),
        ("2026-11-24 17:59:30", "unmapped", ()),
        ("2026-11-24 07:00:00", "unmapped", ("uploaded_late",)),
    ],
)
def test_a_moment_that_cannot_be_true_is_kept_and_not_believed(wall, status, flags):
    (line,) = lines_of(f"1001\t{wall}\t0\t1")

    assert (line.status, line.flags) == (status, flags)
    assert line.raw.startswith("1001")


@pytest.mark.parametrize(
    ("zone_name", "utc"),
    [("Asia/Jakarta", "00:00"), ("Asia/Makassar", "23:00"), ("Asia/Jayapura", "22:00")],
)
def test_a_wall_clock_is_read_in_the_zone_of_its_machine(zone_name, utc):
    (line,) = lines_of("1001\t2026-11-24 07:00:00\t0\t1", device=a_device(time_zone=zone_name))

    assert line.at.strftime("%H:%M") == utc


def test_a_corrected_clock_moves_what_counts_and_leaves_what_came():
    slow = a_device(clock_acts=(an_act("06:00", "12:00", 3_600),))
    early, noon, late = lines_of(
        "1\t2026-11-24 06:00:00\t0\t1",
        "1\t2026-11-24 12:00:00\t0\t1",
        "1\t2026-11-24 11:59:59\t0\t1",
        device=slow,
    )

    assert early.at == at("07:00")
    assert early.wall == "2026-11-24 06:00:00"
    assert "clock_corrected" in early.flags
    assert noon.at == at("12:00")
    assert late.at == at("12:59:59")


def test_a_reset_clock_is_believed_once_it_is_corrected():
    years = at("07:00") - at("2000-01-01T00:00:00")
    fixed = a_device(
        clock_acts=(
            an_act("2000-01-01T00:00:00", "2000-01-02T00:00:00", int(years.total_seconds())),
        )
    )
    (line,) = lines_of("1\t2000-01-01 00:10:00\t0\t1", device=fixed)

    assert (line.status, line.at) == ("unmapped", at("07:10"))


def scanned(*raws, rules=None):
    rules = rules or the_rules()
    lines = lines_of(*raws)
    return a_blank_day(rules).with_scans(punches_of(lines, rules), rules).state


def test_a_double_tap_is_one_arrival_and_no_departure():
    day = scanned(*(raw for raw in sample("attlog-double-tap.body") if raw))

    assert day.first_in == at("07:11:58")
    assert day.last_out is None
    assert len(day.punches) == 3


@pytest.mark.parametrize(
    ("scans", "first_in", "last_out"),
    [
        ([("07:10:00", 1), ("16:40:00", 0)], "07:10:00", "16:40:00"),  # wrong keys
        ([("07:10:00", 255), ("16:40:00", 255)], "07:10:00", "16:40:00"),  # no keys
        ([("07:10:00", 2), ("16:40:00", 5)], "07:10:00", "16:40:00"),  # keys of our own meaning
        ([("07:10:00", 0), ("07:10:40", 1)], "07:10:00", None),  # twice, the second by mistake
        ([("16:40:00", 0), ("16:40:30", 1)], None, "16:40:30"),
        ([("07:10:00", 0), ("10:00:00", 1)], "07:10:00", "10:00:00"),  # went home early
        ([("13:00:00", 0), ("16:40:00", 1)], "13:00:00", "16:40:00"),  # came late
        ([("07:10:00", 0), ("12:05:00", 4), ("12:50:00", 5)], "07:10:00", "12:50:00"),
    ],
)
def test_first_in_and_last_out_by_pattern_not_by_key(scans, first_in, last_out):
    day = scanned(*(f"1001\t2026-11-24 {clock}\t{key}\t1" for clock, key in scans))

    assert day.first_in == (at(first_in) if first_in else None)
    assert day.last_out == (at(last_out) if last_out else None)


def test_on_a_free_day_who_comes_first_arrives():
    rules = the_rules(SATURDAY)
    lines = lines_of(
        "1\t2026-11-28 13:00:00\t255\t1",
        "1\t2026-11-28 08:00:00\t255\t1",
        received_at=at("18:00", SATURDAY),
    )

    assert [punch.direction for punch in punches_of(lines, rules)] == ["in", "out"]


def test_scans_replace_scans_and_leave_check_ins_by_phone_alone():
    rules = the_rules()
    phone = a_punch("in", "07:05:00")
    scans = punches_of(lines_of("1\t2026-11-24 07:10:00\t0\t1"), rules)
    day = a_day(phone).with_scans(scans, rules).state
    later = day.with_scans(punches_of(lines_of("1\t2026-11-24 07:01:00\t0\t1"), rules), rules)

    assert {punch.id for punch in day.punches} == {phone.id, scans[0].id}
    assert day.first_in == at("07:05:00")
    assert later.state.first_in == at("07:01:00")
    assert later.state.with_scans((), rules).state == a_day(phone)


def test_the_same_scans_again_say_nothing():
    rules = the_rules()
    scans = punches_of(lines_of("1\t2026-11-24 07:10:00\t0\t1"), rules)
    first = a_blank_day().with_scans(scans, rules)
    again = first.state.with_scans(scans, rules)

    assert [event.type for event in first.events] == [
        "attendance.check_in.recorded.v1",
        "attendance.day.changed.v1",
    ]
    assert again.state == first.state
    assert again.events == ()


lines_in_the_day = st.lists(
    st.tuples(st.integers(0, 86_399), st.sampled_from(["0", "1", "2", "255", ""])),
    max_size=6,
    unique=True,
)


@given(lines_in_the_day, st.randoms(use_true_random=False))
def test_neither_order_nor_parts_of_an_upload_matter(moments, draw):
    raws = [f"1\t{TUESDAY} {_clock(seconds)}\t{key}\t1" for seconds, key in moments]
    whole = scanned(*raws)
    draw.shuffle(raws)
    rules = the_rules()
    day = a_blank_day(rules)
    for end in range(len(raws) + 1):
        day = day.with_scans(punches_of(lines_of(*raws[:end]), rules), rules).state

    assert day == whole
    assert {punch.id for punch in day.punches} == {line.punch for line in lines_of(*raws)}


def _clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@pytest.mark.parametrize(
    ("name", "pins", "verify"),
    [
        ("1_attlog.dat", ["1001", "1002", "1003", "1001", "1002"], ["1", "1", "15", "1", "1"]),
        ("4-columns_attlog.dat", ["1001", "1002"], ["", ""]),
    ],
)
def test_a_file_has_the_state_in_its_fourth_column(name, pins, verify):
    lines = lines_of(*sample(name), source="file", received_at=at("18:00"))

    assert [line.pin for line in lines] == pins
    assert [line.verify for line in lines] == verify
    assert {line.state for line in lines} <= {"0", "1"}


def test_a_file_of_machine_7_is_not_read_as_a_push_line():
    raw = "200\t2020-08-26 23:08:49\t7\t0\t1\t53"

    assert attlog.read(raw).state == "0"
    assert pushed.read(raw).state == "7"


@pytest.mark.parametrize("raw", ["", "   ", "SOLO0000001", "C1A7"])
def test_lines_that_are_no_records_of_a_file_are_skipped(raw):
    assert a_batch(raw, source="file").lines == ()


def test_a_file_names_its_lines_by_their_number():
    batch = a_batch("x", "  1\t2026-11-23 07:00:00\t1\t0", "", "y\tz", source="file", first=501)

    assert [number for number, _ in batch.lines] == [501, 502, 504]
    assert set(batch.odd) == {501, 504}


@given(st.lists(st.text(max_size=60), max_size=8), st.sampled_from(["push", "file"]))
def test_whatever_comes_no_line_is_lost_and_nothing_is_raised(raws, source):
    batch = a_batch(*raws, source=source)
    taken = told(batch, batch.kept(), {line.id for line in batch.kept()})

    wanted = [raw for raw in raws if raw.strip()]
    if source == "file":
        wanted = [raw for raw in wanted if not attlog.is_skipped(raw)]
    assert taken.lines == len(wanted)
    counted = taken.stored + taken.duplicates + taken.unmapped_lines
    assert counted + len(taken.unreadable) + len(taken.implausible) == taken.lines


_BODIES = sorted(path.name for path in SAMPLES.glob("attlog-*.body"))


@given(st.sampled_from(_BODIES), st.data())
def test_a_sample_with_a_changed_byte_costs_at_most_the_lines_it_touches(name, data):
    good = (SAMPLES / name).read_bytes()
    if not good:
        return
    place = data.draw(st.integers(0, len(good) - 1))
    bent = bytearray(good)
    bent[place] = data.draw(st.integers(0, 255))
    before = lines_of(*good.decode().split("\n"))
    after = lines_of(*bytes(bent).decode("latin-1").split("\n"))

    lost = {line.id for line in before} - {line.id for line in after}
    assert len(lost) <= 2


def test_of_the_operation_log_only_operations_are_understood():
    read = [operations.read(raw) for raw in sample("operlog.body")]

    assert [done.code for done in read if done] == [0, 4, 21]
    assert [done.by_pin for done in read if done] == ["0", "14", "14"]
    assert read[2].wall == "2026-11-24 06:56:10"


@pytest.mark.parametrize(
    ("newest", "in_touch_since", "drift"),
    [
        ("07:00:03", "06:00:00", 3 - 5),  # came two seconds after it happened
        ("08:00:05", "06:00:00", 3_600),  # ahead
        ("08:00:05", None, 3_600),  # what lies in the future is no matter of waiting
        ("06:30:05", "06:00:00", -1_800),  # half an hour slow
        ("05:30:00", "06:00:00", None),  # waited while the machine was out of touch
        ("06:30:05", None, None),
        (None, "06:00:00", None),
    ],
)
def test_the_drift_of_a_clock_shows_in_lines_that_came_at_once(newest, in_touch_since, drift):
    found = clock_drift_s(
        at(newest) if newest else None,
        at(in_touch_since) if in_touch_since else None,
        at("07:00:05"),
    )

    assert found == drift


def test_marks_name_days_pins_and_spans():
    keys = {day_key("ani:2026-11-24"), pin_key("SOLO1", "0007"), clock_key("SOLO1", "a-1")}

    assert list(parts(keys, DAY)) == [("ani:2026-11-24",)]
    assert list(parts(keys, PIN)) == [("SOLO1", "0007")]
    assert list(parts(keys, CLOCK)) == [("SOLO1", "a-1")]
