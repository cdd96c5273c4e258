"""Clocks under watch: each step once, at its own moment, by the hours of the agency concerned."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.outcome import Decision
from contracts.policies import HoursTerms, PolicyChanged, VariantTerms, WeekTerms
from contracts.service_levels import CompletionTargets, ResponseTargets, ServiceLevelTerms
from rules.calendars import Holiday, Span, national_calendar
from rules.working_time import zone
from services.tasks.help_requests import decisions
from services.tasks.help_requests.asking import Asker, new_request
from services.tasks.help_requests.timers import rung
from services.tasks.help_requests.watching import keep_watch, moved_clocks
from services.tasks.own_copies.model import City
from services.tasks.service_levels.targets import SHIPPED, LevelBook, LevelVersion
from tests.unit.tasks.builders import CITY, TUESDAY, a_deed, wanted

WIB = zone("Asia/Jakarta")
LATE = datetime(2027, 6, 1, tzinfo=UTC)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)


def levels(agency="PEMKOT", *, response=240, completion=None, after=(480,), since=date(2026, 1, 1)):
    terms = ServiceLevelTerms(
        response_minutes=ResponseTargets(low=960, normal=response, high=120, urgent=30),
        completion_minutes=CompletionTargets(normal=completion),
        escalate_after_minutes=after,
    )
    recorded = datetime(2026, 1, 1, tzinfo=UTC)
    version = LevelVersion(1, f"{agency}-sl1", since, recorded, None, terms)
    return LevelBook({agency: (version,)}, CITY.tree)


def asked(to=("HELPER",), *, at=TUESDAY, city=CITY, book=None, **other):
    """A request as the store writes it: with its clocks under watch."""
    book = book or LevelBook({}, CITY.tree)
    due = other.pop("due", at + timedelta(days=200))
    body = wanted(to, due=due, **other)
    fresh = new_request("request-1", "SBT/1", body, Asker("ASKER", at), city, levels=book)
    begun = decisions.ask_for_help(fresh, a_deed("asking", "ASKER", at=at))
    return keep_watch(None, begun, city, at).state


def then(request, decide, *, city=CITY, at=None):
    at = at or request.changed_at
    return keep_watch(request, decide(request), city, at).state


def until(request, at, *, city=CITY):
    """Everything that rings until a moment, as the background would let it; the events in order."""
    heard = []
    while request.rings_at is not None and request.rings_at <= at:
        outcome = keep_watch(request, rung(request, city, at), city, at)
        request, heard = outcome.state, [*heard, *outcome.events]
        assert len(heard) < 50
    return request, heard


def told(events):
    return [
        (event.type.split(".")[2], event.crossed_at.astimezone(WIB).isoformat()[5:16])
        for event in events
        if hasattr(event, "crossed_at")
    ]


def working_round_the_clock(agency="HELPER", *, span=None):
    """A policy of shifts that follow each other, from noon to noon."""
    day = HoursTerms(start="12:00", end="12:00")
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    example = PolicyChanged.example()
    terms = example.terms.model_copy(update={"week": WeekTerms(**dict.fromkeys(names, day))})
    return example.model_copy(
        update={
            "agency": agency,
            "policy": f"{agency}-v1",
            "effective_from": date(2026, 1, 1),
            "terms": terms,
        }
    )


def test_a_clock_warns_is_breached_and_goes_up_level_by_level():
    request = asked(book=levels(after=(240, 480)), at=local("2026-11-24T08:00"))

    request, events = until(request, LATE - timedelta(days=100))

    assert told(events) == [
        ("warned", "11-24T11:00"),
        ("breached", "11-24T13:01"),
        ("escalated", "11-25T08:01"),
        ("escalated", "11-25T13:01"),
    ]
    assert [event.agencies for event in events] == [
        ("HELPER",),
        ("HELPER", "ASKER"),
        ("SETDA", "PEMKOT"),
        ("PEMKOT",),
    ]
    assert [event.in_digest for event in events] == [False, False, True, True]
    assert [line.action for line in request.timeline] == [
        "request",
        "warning",
        "breach",
        "escalation",
        "escalation",
    ]
    assert request.digests == ("PEMKOT",)


def test_a_request_asked_on_friday_afternoon_warns_on_monday():
    request = asked(at=local("2026-11-20T14:20"))

    _, events = until(request, local("2026-11-23T23:00"))

    assert told(events) == [("warned", "11-23T10:20"), ("breached", "11-23T11:21")]


def test_over_lebaran_nothing_is_late():
    ramadan = national_calendar().with_span(Span("ramadan", date(2026, 2, 19), date(2026, 3, 20)))
    city = City.of(CITY.agencies, calendars={"national": ramadan})
    request = asked(at=local("2026-03-17T14:30"), city=city)

    before, none = until(request, local("2026-03-24T23:59"), city=city)
    _, events = until(before, local("2026-03-25T23:59"), city=city)

    assert none == []
    assert told(events) == [("warned", "03-25T09:30"), ("breached", "03-25T10:31")]


def test_a_question_rests_the_clock_across_a_weekend():
    request = asked(at=local("2026-11-20T10:00"))
    request = then(request, lambda r: decisions.ask(r, a_deed(at=local("2026-11-20T11:00")), "?"))

    resting, none = until(request, local("2026-11-23T08:30"))
    answer = a_deed("asking", "ASKER", at=local("2026-11-23T08:30"))
    resumed = then(resting, lambda r: decisions.answer(r, answer, "!"))
    _, events = until(resumed, local("2026-11-24T00:00"))

    assert none == []
    assert resting.watches[0].due is None
    assert told(events) == [("warned", "11-23T10:30"), ("breached", "11-23T11:31")]


def test_each_agency_that_is_asked_counts_by_its_own_hours_and_levels():
    city = City.of(CITY.agencies, [working_round_the_clock("SECOND")])
    book = levels("SECOND", response=60)
    request = asked(("HELPER", "SECOND"), at=local("2026-11-20T14:20"), city=city, book=book)

    _, events = until(request, local("2026-11-23T23:00"), city=city)

    by_agency = [
        (event.holding_agency, *what) for event, what in zip(events, told(events), strict=True)
    ]
    assert by_agency == [
        ("SECOND", "warned", "11-20T15:05"),
        ("SECOND", "breached", "11-20T15:21"),
        ("SECOND", "escalated", "11-20T23:21"),
        ("HELPER", "warned", "11-23T10:20"),
        ("HELPER", "breached", "11-23T11:21"),
    ]
    assert {e.service_levels for e in events} == {"SECOND-sl1", SHIPPED.id}


def test_a_policy_of_shifts_counts_through_the_night():
    city = City.of(CITY.agencies, [working_round_the_clock()])
    request = asked(at=local("2026-11-21T22:00"), city=city)

    assert request.watches[0].due == local("2026-11-22T02:00")


def test_a_sensitive_request_goes_to_both_heads_and_no_further():
    request = asked(sensitive=True, book=levels(after=(240, 480)))

    request, events = until(request, LATE - timedelta(days=100))

    assert [kind for kind, _ in told(events)] == ["warned", "breached"]
    assert request.digests == ()


def test_an_open_call_is_nobodys_fault_but_its_askers_hear():
    request = asked("anyone")

    _, events = until(request, local("2026-11-24T15:00"))

    assert [(event.holding_agency, event.agencies) for event in events] == [
        (None, ("ASKER",)),
        (None, ("ASKER",)),
    ]


def test_an_acceptance_stops_the_clock_and_the_next_one_begins():
    request = asked(book=levels(completion=480), at=local("2026-11-24T08:00"))
    accept = a_deed(at=local("2026-11-24T09:00"))
    request = then(request, lambda r: decisions.accept(r, accept, ["ani"]))

    _, events = until(request, local("2026-11-25T12:00"))

    assert request.completion_target == 480
    assert [(e.clock, *what) for e, what in zip(events, told(events), strict=True)] == [
        ("completion", "warned", "11-24T16:00"),
        ("completion", "breached", "11-25T09:01"),
    ]


def test_who_answered_late_is_still_written_down_as_late():
    request = asked(at=local("2026-11-24T08:00"))
    accept = a_deed(at=local("2026-11-24T15:00"))
    request = then(request, lambda r: decisions.accept(r, accept, ["ani"]))

    _, events = until(request, local("2026-11-24T15:00"))

    assert told(events) == [("breached", "11-24T13:01")]
    assert events[0].state == "accepted"


def test_a_version_entered_meanwhile_does_not_touch_what_is_under_way():
    old, new = levels(response=240), levels(response=30)
    request = asked(book=old, at=local("2026-11-24T08:00"))
    hand_on = replace(a_deed(at=local("2026-11-24T08:10")), levels=new)

    handed = then(request, lambda r: decisions.hand_on(r, hand_on, "SECOND", "Bukan kami"))

    assert request.watches[0].due == local("2026-11-24T12:00")
    assert handed.watches[0].due == local("2026-11-24T08:40")
    assert handed.response_target_of("SECOND") == 30


def test_a_calendar_entered_meanwhile_moves_what_is_due_and_says_so():
    request = asked(at=local("2026-11-24T14:00"))
    free = Holiday(date(2026, 11, 25), "local_day", "Libur", "Day off")
    changed = City.of(
        CITY.agencies,
        calendars={"HELPER": replace(national_calendar(), id="HELPER/1", days=(free,))},
    )

    ((old, new),) = moved_clocks(request, changed)
    outcome = keep_watch(request, Decision(request), changed, local("2026-11-24T15:00"))
    again = keep_watch(outcome.state, Decision(outcome.state), changed, LATE)

    assert (old.due, new.due) == (local("2026-11-25T09:00"), local("2026-11-26T09:00"))
    (event,) = outcome.events
    assert (event.type, event.due_before, event.clock_due) == (
        "tasks.help_request.rescheduled.v1",
        old.due,
        new.due,
    )
    line = outcome.state.timeline[-1]
    assert (line.action, line.at) == ("hours-changed", local("2026-11-24T15:00"))
    assert line.explanation[0].result == new.due.isoformat()
    assert again.events == ()
    assert again.state == outcome.state


def test_hours_that_put_a_step_off_leave_it_untaken():
    request = asked(at=local("2026-11-24T08:00"))
    free = Holiday(date(2026, 11, 24), "local_day", "Libur", "Day off")
    changed = City.of(
        CITY.agencies,
        calendars={"HELPER": replace(national_calendar(), id="HELPER/1", days=(free,))},
    )
    at = request.rings_at

    outcome = keep_watch(request, rung(request, changed, at), changed, at)

    assert [event.type for event in outcome.events] == ["tasks.help_request.rescheduled.v1"]
    assert outcome.state.rings_at > at
    assert outcome.state.watches[0].taken == 0


def test_an_expiry_and_the_steps_before_it_ring_in_their_order():
    request = asked(at=local("2026-11-24T08:00"), due=local("2026-11-24T13:30"))

    request, events = until(request, LATE)

    assert [event.type.split(".")[2] for event in events] == ["warned", "breached", "expired"]
    assert request.rings_at is None
    assert [line.at for line in request.timeline] == sorted(line.at for line in request.timeline)


moments = st.integers(0, 60 * 24 * 25).map(lambda minute: TUESDAY + timedelta(minutes=minute))


@given(looks=st.lists(moments, max_size=12), target=st.integers(1, 600))
@settings(deadline=None, max_examples=60)
def test_however_the_clock_of_the_machine_jumps_each_step_is_taken_once(looks, target):
    request = asked(book=levels(response=target, after=(100, 300)), at=TUESDAY)
    heard = []

    for at in (*looks, LATE - timedelta(days=100)):
        request, events = until(request, at)
        heard += events

    taken = [kind for kind, _ in told(heard)]
    assert taken == ["warned", "breached", "escalated", "escalated"]
    assert [event.crossed_at for event in heard] == sorted(event.crossed_at for event in heard)


@pytest.mark.parametrize(
    ("agency", "on", "version"),
    [
        ("HELPER", date(2026, 5, 1), SHIPPED.id),
        ("HELPER", date(2026, 6, 1), "SETDA-sl1"),
        ("HELPER-UNIT", date(2026, 6, 1), "SETDA-sl1"),
        ("HELPER", date(2026, 7, 1), "HELPER-sl1"),
        ("OTHER", date(2026, 7, 1), SHIPPED.id),
    ],
)
def test_the_nearest_version_rules_from_its_day_on(agency, on, version):
    entered = {
        code: levels(code, since=since)._entered[code]
        for code, since in (("SETDA", date(2026, 6, 1)), ("HELPER", date(2026, 7, 1)))
    }

    assert LevelBook(entered, CITY.tree).ruling(agency, on).id == version


def test_ramadan_hours_of_the_agency_itself_count():
    example = working_round_the_clock()
    week = WeekTerms(tuesday=HoursTerms(start="08:00", end="10:00"))
    terms = example.terms.model_copy(
        update={"week": WeekTerms(), "variants": (VariantTerms(span="ramadan", week=week),)}
    )
    policy = example.model_copy(update={"terms": terms})
    ramadan = national_calendar().with_span(Span("ramadan", date(2026, 2, 19), date(2026, 3, 20)))
    city = City.of(CITY.agencies, [policy], {"national": ramadan})
    helper, other = city.schedule_of("HELPER"), city.schedule_of("OTHER")

    assert helper.hours_on(date(2026, 3, 3)).end == time(10)
    assert helper.hours_on(date(2026, 3, 4)) is None
    assert other.hours_on(date(2026, 3, 4)).end == time(15, 30)
