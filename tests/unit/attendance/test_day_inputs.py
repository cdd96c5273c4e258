"""What absences, work elsewhere, general acts and corrections make of a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kit.storage.aggregates import Stored
from services.attendance.days.explanation import RULES
from services.attendance.days.inputs import Absence, Act, Correction, Elsewhere
from services.attendance.days.model import Day
from services.attendance.days.punches import repeat_of
from services.attendance.days.views import day_view
from tests.unit.attendance.builders import a_blank_day, a_day, a_punch, at, the_rules

IN_TIME = (("in", "07:20"), ("out", "16:35"))
LATE = (("in", "08:40"), ("out", "16:35"))
HOLIDAY = date(2026, 12, 25)


def an_absence(kind="annual_leave", status="leave", counts_as="excused", hours=None):
    start, end = (at(hours[0]), at(hours[1])) if hours else (None, None)
    return Absence(f"absence-{kind}", kind, counts_as, status, start, end)


def an_act(effect, start="00:00", end="23:59:59"):
    return Act(f"act-{effect}", effect, at(start), at(end))


def a_correction(first_in=None, last_out=None, number=1):
    decided = at("18:00") + timedelta(minutes=number)
    return Correction(
        f"correction-{number}", decided, first_in and at(first_in), last_out and at(last_out)
    )


LEAVE = an_absence()
SICK = an_absence("sick_leave", "sick")
DUTY = an_absence("official_duty", "duty", "work")
WITHOUT_LEAVE = an_absence("without_leave", "absent", "unexcused")
ELSEWHERE = Elsewhere("elsewhere-1")


def the_day(punches=(), inputs=(), rules=None, *, close=False) -> Day:
    rules = rules or the_rules()
    day = a_day(*(a_punch(*punch) for punch in punches), rules=rules)
    for one in inputs:
        day = day.attach(one, rules).state
    return day.close(rules).state if close else day


@pytest.mark.parametrize(
    ("inputs", "punches", "status", "closed_status"),
    [
        # PP 11/2017 art. 309 ff., Peraturan BKN 24/2017: leave of whole days
        ([LEAVE], (), "leave", "leave"),
        ([LEAVE], LATE, "leave", "leave"),
        ([SICK], (), "sick", "sick"),
        ([DUTY], (), "duty", "duty"),
        ([DUTY], LATE, "duty", "duty"),
        ([WITHOUT_LEAVE], (), "absent", "absent"),
        ([WITHOUT_LEAVE], IN_TIME, "present", "present"),
        # PermenPANRB 4/2025: place flexibility; who comes all the same was present
        ([ELSEWHERE], (), "elsewhere", "elsewhere"),
        ([ELSEWHERE], LATE, "present", "present"),
        ([an_act("work_elsewhere")], (), "elsewhere", "elsewhere"),
        # a flood, an order of the mayor, an election (domain.md 3.2, 7.3)
        ([an_act("excuse_absence")], (), "leave", "leave"),
        ([an_act("excuse_absence")], LATE, "present", "present"),
        ([an_act("duty")], (), "duty", "duty"),
        ([an_act("closed")], (), "off", "off"),
        ([an_act("closed")], LATE, "off", "off"),
        ([an_act("excuse_lateness")], (), "open", "absent"),
        # one covers what the other does; the stronger name goes first
        ([LEAVE, ELSEWHERE], (), "leave", "leave"),
        ([SICK, an_act("duty")], (), "sick", "sick"),
        ([LEAVE, an_act("closed")], (), "off", "off"),
        ([WITHOUT_LEAVE, an_act("excuse_absence")], (), "leave", "leave"),
        # two halves make a whole, the rest between them included
        (
            [
                an_absence("permission", hours=("07:30", "12:00")),
                an_absence("errand", "duty", "work", ("13:00", "16:30")),
            ],
            (),
            "leave",
            "leave",
        ),
        # half a day does not
        ([an_absence("permission", hours=("07:30", "12:00"))], (), "open", "absent"),
    ],
)
def test_a_working_day_is_called_by_what_covers_it(inputs, punches, status, closed_status):
    assert the_day(punches, inputs).status == status
    closed = the_day(punches, inputs, close=True)
    assert closed.status == closed_status
    if closed.status not in {"late", "incomplete"}:
        assert (closed.late_minutes, closed.late_band) == (0, None)


@pytest.mark.parametrize(
    ("inputs", "punches", "minutes", "status"),
    [
        # hours away by permission: the arrival is expected at their end
        ([an_absence("permission", hours=("07:30", "09:00"))], LATE, (0, 0), "present"),
        ([an_absence("permission", hours=("07:30", "08:30"))], LATE, (10, 0), "late"),
        (
            [an_absence("permission", hours=("14:00", "16:30"))],
            (("in", "07:20"), ("out", "14:00")),
            (0, 0),
            "present",
        ),
        (
            [an_absence("permission", hours=("14:00", "16:30"))],
            (("in", "07:20"), ("out", "13:30")),
            (0, 30),
            "left_early",
        ),
        # nobody arrives into the rest: away until twelve is away until one
        (
            [an_absence("permission", hours=("07:30", "12:00"))],
            (("in", "13:00"), ("out", "16:30")),
            (0, 0),
            "present",
        ),
        # the system was down from 07:40 on: the minutes before count (Barito Kuala 2019)
        ([an_act("excuse_lateness", "07:40", "09:00")], LATE, (10, 0), "late"),
        ([an_act("excuse_lateness", "07:00", "08:10")], LATE, (30, 0), "late"),
        ([an_act("excuse_lateness", "07:00", "09:00")], LATE, (0, 0), "present"),
        # ... and the arrivals it could not take are not missing
        ([an_act("excuse_lateness", "07:00", "09:00")], (("out", "16:35"),), (0, 0), "present"),
        ([an_act("excuse_lateness", "07:40", "09:00")], (("out", "16:35"),), (0, 0), "incomplete"),
        # lateness only: who leaves early, leaves early
        ([an_act("excuse_lateness")], (("in", "08:40"), ("out", "16:00")), (0, 30), "left_early"),
        (
            [an_act("closed", "12:00", "17:00")],
            (("in", "07:20"), ("out", "12:05")),
            (0, 0),
            "present",
        ),
        ([an_act("closed", "12:00", "17:00")], (("in", "07:20"),), (0, 0), "present"),
        # permission until ten does not say that nobody need scan at ten
        (
            [an_absence("permission", hours=("07:30", "10:00"))],
            (("out", "16:35"),),
            (0, 0),
            "incomplete",
        ),
        (
            [an_absence("errand", "duty", "work", ("07:30", "10:00"))],
            (("out", "16:35"),),
            (0, 0),
            "present",
        ),
        # what is not excused takes nothing off
        (
            [an_absence("without_leave", "absent", "unexcused", ("07:30", "09:00"))],
            LATE,
            (70, 0),
            "late",
        ),
    ],
)
def test_hours_and_spans_take_off_the_minutes_they_cover(inputs, punches, minutes, status):
    day = the_day(punches, inputs, close=True)

    assert (day.late_minutes, day.early_minutes) == minutes
    assert day.status == status


@pytest.mark.parametrize(
    ("inputs", "punches", "open_day", "closed_day"),
    [
        ([], IN_TIME, 495, 495),
        ([DUTY], (), None, 480),
        (
            [an_absence("errand", "duty", "work", ("07:30", "10:00"))],
            (("in", "10:00"), ("out", "16:30")),
            330,
            480,
        ),
        (
            [an_absence("permission", hours=("09:00", "10:00"))],
            (("in", "07:30"), ("out", "16:30")),
            420,
            420,
        ),
        ([LEAVE], (), None, None),
        ([ELSEWHERE], (), None, 480),
        ([an_act("excuse_absence")], (("in", "10:00"), ("out", "16:30")), 330, 330),
    ],
)
def test_what_counts_as_work_is_credited_when_the_day_closes(inputs, punches, open_day, closed_day):
    assert the_day(punches, inputs).worked_minutes == open_day
    assert the_day(punches, inputs, close=True).worked_minutes == closed_day


@pytest.mark.parametrize(
    ("punches", "corrections", "found"),
    [
        # forgot to scan out at 21:00 (Serang): the correction says when
        ((("in", "07:20"),), [a_correction(last_out="16:40")], ("07:20", "16:40", "present")),
        ((("out", "16:40"),), [a_correction("07:29")], ("07:29", "16:40", "present")),
        ((), [a_correction("07:50", "16:40")], ("07:50", "16:40", "late")),
        (LATE, [a_correction("07:30")], ("07:30", "16:35", "present")),
        # the one decided last counts, in whatever order they come
        (
            LATE,
            [a_correction("07:45", number=2), a_correction("07:30")],
            ("07:45", "16:35", "late"),
        ),
        # what lies before the arrival belongs to nothing
        (
            (("in", "07:20"), ("out", "12:00")),
            [a_correction("13:00")],
            ("13:00", None, "incomplete"),
        ),
    ],
)
def test_a_correction_counts_instead_of_what_was_recorded(punches, corrections, found):
    day = the_day(punches, corrections, close=True)

    first_in, last_out, status = found
    assert day.first_in == at(first_in)
    assert day.last_out == (at(last_out) if last_out else None)
    assert day.status == status
    assert len(day.punches) == len(punches)
    shown = day_view(Stored(day.id, day, 1, 1))
    assert [one.id for one in shown.corrections] == sorted(one.id for one in corrections)


def test_a_missing_scan_is_a_band_only_when_the_day_closes():
    punches = (("in", "07:20"),)

    assert the_day(punches).early_band is None
    assert the_day(punches, close=True).early_band == "PSW4"
    assert the_day(punches, [LEAVE], close=True).early_band is None
    assert the_day(punches, [a_correction(last_out="16:30")], close=True).early_band is None
    assert the_day((), close=True).late_band is None


def test_on_a_free_day_inputs_change_nothing_but_what_was_worked():
    rules = the_rules(HOLIDAY)
    day = the_day(inputs=[LEAVE, ELSEWHERE, an_act("duty")], rules=rules, close=True)

    assert (day.status, day.working_day, day.worked_minutes) == ("holiday", False, None)


def test_flexible_hours_do_not_move_with_an_arrival_after_hours_away():
    rules = the_rules(flexible_minutes=90)
    away = an_absence("permission", hours=("07:30", "10:00"))

    day = the_day((("in", "10:00"), ("out", "16:30")), [away], rules)

    assert (day.expected_start, day.expected_end) == (at("10:00"), at("16:30"))
    assert day.status == "present"


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (LEAVE, "absence"),
        (ELSEWHERE, "work_elsewhere"),
        (an_act("closed"), "general_act"),
        (a_correction("07:30"), "correction"),
    ],
)
def test_the_explanation_names_each_input_and_its_rule(one, rule):
    day = the_day(LATE, [one], close=True)

    assert [reason.facts for reason in day.explanation if reason.rule == rule] == [(one.id,)]
    assert {reason.rule for reason in day.explanation} <= RULES.keys()
    if rule != "correction":
        assert one.id in day.explanation[-1].facts


def test_minutes_taken_off_name_what_took_them_off():
    day = the_day(LATE, [an_act("excuse_lateness", "07:00", "08:00")])

    late = next(reason for reason in day.explanation if reason.rule == "late")
    assert late.result == "40"
    assert "act-excuse_lateness" in late.facts


def test_attaching_what_makes_no_difference_is_silent():
    rules, day = the_rules(), the_day(IN_TIME)

    first = day.attach(an_act("excuse_lateness"), rules)
    again = first.state.attach(an_act("excuse_lateness"), rules)

    assert first.events == again.events == ()
    assert again.state == first.state
    assert day.detach("somebody else's", rules).state == day


RULES_OF_A_DAY = [
    the_rules(),
    the_rules(flexible_minutes=90, seconds_rule="begun_minutes"),
    the_rules(HOLIDAY),
]
minutes_of_day = st.integers(0, 24 * 60 - 2)
moments = minutes_of_day.map(lambda minute: at("00:00") + timedelta(minutes=minute))
spans = st.tuples(minutes_of_day, st.integers(1, 600)).map(
    lambda pair: (
        at("00:00") + timedelta(minutes=pair[0]),
        at("00:00") + timedelta(minutes=pair[0] + pair[1]),
    )
)
names = st.sampled_from(["a", "b", "c", "d"])
_KINDS = [("leave", "excused"), ("sick", "excused"), ("duty", "work"), ("absent", "unexcused")]
_EFFECTS = ["excuse_lateness", "excuse_absence", "work_elsewhere", "duty", "closed"]
some_inputs = st.lists(
    st.one_of(
        st.builds(
            lambda name, kind, span: Absence(name, "kind", kind[1], kind[0], *(span or ())),
            names.map("absence-{}".format),
            st.sampled_from(_KINDS),
            st.none() | spans,
        ),
        st.builds(Elsewhere, names.map("elsewhere-{}".format)),
        st.builds(
            lambda name, effect, span: Act(name, effect, *span),
            names.map("act-{}".format),
            st.sampled_from(_EFFECTS),
            spans,
        ),
        st.builds(
            Correction, names.map("correction-{}".format), moments, moments | st.none(), moments
        ),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
some_punches = st.lists(
    st.builds(
        lambda way, moment, method: a_punch(way, moment, method=method),
        st.sampled_from(["in", "out"]),
        moments,
        st.sampled_from(["position", "device"]),
    ),
    max_size=4,
    unique_by=lambda punch: punch.at,
)


def played(steps, rules) -> Day:
    day = a_blank_day(rules)
    for step in steps:
        if isinstance(step, (Absence, Elsewhere, Act, Correction)):
            day = day.attach(step, rules).state
        elif repeat_of(step, day.punches) is None:
            day = day.check_in(step, rules).state
    return day


def apart(punches) -> bool:
    moments = sorted(punch.at for punch in punches)
    return all(later - earlier > timedelta(minutes=2) for earlier, later in pairwise(moments))


@given(
    some_punches.filter(apart),
    some_inputs,
    st.sampled_from(RULES_OF_A_DAY),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_inputs_nor_that_of_punches_matters(punches, inputs, rules, random):
    steps = [*punches, *inputs]
    shuffled = list(steps)
    random.shuffle(shuffled)

    assert played(shuffled, rules) == played(steps, rules)


@given(some_punches, some_inputs, some_inputs, st.sampled_from(RULES_OF_A_DAY), st.booleans())
def test_what_is_attached_and_detached_leaves_no_trace(punches, inputs, others, rules, closes):
    day = played([*punches, *inputs], rules)
    day = day.close(rules).state if closes else day
    known = {one.id for one in inputs}

    for one in others:
        if one.id not in known:
            changed = day.attach(one, rules).state
            assert changed.detach(one.id, rules).state == day


@given(some_punches, some_inputs, st.sampled_from(RULES_OF_A_DAY), st.booleans())
def test_a_day_with_inputs_judged_again_is_equal_and_survives_storage(
    punches, inputs, rules, closes
):
    day = played([*punches, *inputs], rules)
    day = day.close(rules).state if closes else day

    adapter = TypeAdapter(Day)
    assert day.judged_by(rules) == day
    assert adapter.validate_python(adapter.dump_python(day)) == day


@given(some_punches, some_inputs, st.sampled_from(RULES_OF_A_DAY))
def test_minutes_and_status_agree_whatever_is_attached(punches, inputs, rules):
    day = played([*punches, *inputs], rules).close(rules).state

    assert day.late_minutes >= 0
    assert day.early_minutes >= 0
    assert day.worked_minutes is None or 0 <= day.worked_minutes <= 24 * 60
    assert (day.status in {"off", "holiday"}) is not day.working_day
    assert day.status != "open"
    if day.status in {"leave", "sick", "duty", "elsewhere", "off", "holiday", "absent"}:
        assert (day.late_minutes, day.late_band, day.early_band) == (0, None, None)
    if day.first_in and day.last_out:
        assert day.first_in < day.last_out


@given(some_punches, some_inputs, spans, st.sampled_from(RULES_OF_A_DAY))
def test_an_excuse_never_adds_a_minute(punches, inputs, span, rules):
    day = played([*punches, *inputs], rules)

    excused = day.attach(Act("one-more", "excuse_absence", *span), rules).state

    if not rules.flexible_minutes:  # there an excuse fixes the hours that would have moved
        assert excused.late_minutes <= day.late_minutes
        assert excused.early_minutes <= day.early_minutes
