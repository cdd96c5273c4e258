"""Calendars: what may be entered until when, and which days change by it."""

from datetime import UTC, date, datetime

import pytest

from contracts.calendars import CalendarRequest, CalendarSpan
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from rules.calendars import national_calendar
from services.attendance.calendars.model import NATIONAL, EnteredCalendar
from services.attendance.patterns.rulebook import RuleBook

NOON = datetime(2026, 2, 17, 5, tzinfo=UTC)
TREE = AgencyTree({"KOTA": None, "DINKES": "KOTA", "BKPSDM": "KOTA"})
CITY_DAY, CHRISTMAS = date(2026, 2, 18), date(2026, 12, 25)


def a_day(on, kind="local_day"):
    return {"date": str(on), "kind": kind, "name_id": "Hari Jadi", "name_en": "Anniversary"}


def a_calendar(code="KOTA", *days):
    calendar = EnteredCalendar.blank(code, NOON)
    return put(calendar, *days).state if days else calendar


def put(calendar, *days):
    request = CalendarRequest.model_validate({"days": days})
    return calendar.put(request, recorded_at=NOON, written_at=NOON)


def put_span(calendar, first, last, today, name="ramadan"):
    span = CalendarSpan(name=name, first=date.fromisoformat(first), last=date.fromisoformat(last))
    on = date.fromisoformat(today)
    return calendar.put_span(span, today=on, recorded_at=NOON, written_at=NOON)


def schedule(agency, *calendars):
    book = RuleBook({}, {each.code: each.ruling() for each in calendars}, TREE)
    return book.schedule(agency, "Asia/Jakarta", CITY_DAY, employee="siti", position=None)


def test_the_nation_s_calendar_is_there_before_anybody_enters_one():
    # SKB 3 Menteri 1497/2025, 2/2025, 5/2025: 17 national days and 8 of collective leave
    blank = EnteredCalendar.blank(NATIONAL, NOON)

    kinds = [day.kind for day in blank.all_days]

    assert (kinds.count("national_holiday"), kinds.count("collective_leave")) == (17, 8)
    assert blank.ruling() is national_calendar()


def test_a_local_day_is_free_for_its_agency_and_those_below():
    own = a_calendar("DINKES", a_day(CITY_DAY))

    assert not schedule("DINKES", own).is_working_day(CITY_DAY)
    assert schedule("BKPSDM", own).is_working_day(CITY_DAY)
    assert not schedule("BKPSDM", a_calendar("KOTA", a_day(CITY_DAY))).is_working_day(CITY_DAY)


def test_an_agency_may_work_on_a_day_that_is_free_above():
    christmas_eve = date(2026, 12, 24)  # cuti bersama; Keppres 42/2025 lets services work
    own = a_calendar("DINKES", a_day(christmas_eve, "working_day"))

    assert schedule("DINKES", own).is_working_day(christmas_eve)
    assert not schedule("BKPSDM", own).is_working_day(christmas_eve)


def test_the_event_says_between_which_days_something_changes():
    standing = a_calendar("KOTA", a_day(CITY_DAY), a_day(date(2026, 6, 1)))

    decision = put(standing, a_day(CITY_DAY), a_day(date(2026, 7, 1)), a_day(date(2026, 8, 3)))

    (event,) = decision.events
    assert (event.first, event.last) == (date(2026, 6, 1), date(2026, 8, 3))
    assert put(decision.state, *(a_day(day.date) for day in event.days)).events == ()


def test_a_day_may_be_listed_once():
    with pytest.raises(Refusal) as refused:
        put(a_calendar(), a_day(CITY_DAY), a_day(CHRISTMAS), a_day(CITY_DAY))

    assert [one.pointer for one in refused.value.problem.errors] == ["/days/2/date"]


@pytest.mark.parametrize(
    ("today", "refused"), [("2027-02-07", False), ("2027-02-08", True), ("2027-02-20", True)]
)
def test_a_span_may_be_set_until_the_evening_before_it_begins(today, refused):
    if refused:
        with pytest.raises(Refusal) as error:
            put_span(a_calendar(), "2027-02-08", "2027-03-09", today)
        assert [one.pointer for one in error.value.problem.errors] == ["/first"]
    else:
        (event,) = put_span(a_calendar(), "2027-02-08", "2027-03-09", today).events
        assert (event.first, event.last) == (date(2027, 2, 8), date(2027, 3, 9))


def test_a_span_that_was_announced_anew_replaces_the_first_announcement():
    # 1 Ramadan is announced, not computed: the session of the evening before may move it by a day
    first = put_span(a_calendar(), "2027-02-08", "2027-03-09", "2027-01-05").state

    moved = put_span(first, "2027-02-09", "2027-03-10", "2027-02-07")

    assert [span.first for span in moved.state.all_spans] == [date(2027, 2, 9)]
    (event,) = moved.events
    assert (event.first, event.last) == (date(2027, 2, 8), date(2027, 3, 10))


def test_a_span_that_has_begun_stays_as_it_is():
    nation = EnteredCalendar.blank(NATIONAL, NOON)

    with pytest.raises(Refusal) as refused:
        put_span(nation, "2026-02-20", "2026-03-21", "2026-02-19")

    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["first"] == "2026-02-19"
    assert put_span(nation, "2026-02-19", "2026-03-20", "2026-02-19").events == ()


def test_next_year_s_span_leaves_this_year_s_alone():
    nation = EnteredCalendar.blank(NATIONAL, NOON)

    entered = put_span(nation, "2027-02-08", "2027-03-09", "2026-03-01").state

    assert [span.first for span in entered.all_spans] == [date(2026, 2, 19), date(2027, 2, 8)]
    assert entered.shipped
    assert entered.ruling().holiday_on(CHRISTMAS) is not None


def test_hours_of_a_span_rule_from_its_first_day_to_its_last():
    entered = put_span(a_calendar("DINKES"), "2026-11-02", "2026-11-06", "2026-11-01").state

    ramadan = schedule("DINKES", entered)

    assert ramadan.variant_on(date(2026, 11, 1)) is None
    assert ramadan.variant_on(date(2026, 11, 2)).span == "ramadan"
    assert ramadan.variant_on(date(2026, 11, 6)).span == "ramadan"
    assert ramadan.variant_on(date(2026, 11, 7)) is None
    assert schedule("BKPSDM", entered).variant_on(date(2026, 11, 2)) is None
