"""Requests: their states, whose decision they are, and the time and places they take."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.directory import Assignment
from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.attendance import access
from services.attendance.absence_kinds.model import kinds_on
from services.attendance.absences.model import Absence, Stretch, check_kind
from services.attendance.bookings.model import Booking, Bookings
from services.attendance.elsewhere_policies.model import policy_on
from services.attendance.general_acts.model import GeneralAct, Said, span_of
from services.attendance.own_copies.store import Person
from services.attendance.requests.model import TRANSITIONS, Deed
from services.attendance.work_elsewhere.model import Places
from tests.unit.attendance.builders import TUESDAY, at, the_rules

TREE = AgencyTree({"PEMKOT": None, "BKPSDM": "PEMKOT", "DINKES": "PEMKOT"})
DEED = Deed(at("10:00"), "kepala.bkpsdm", EmployeeId("kepala"), note="Baik.")


def somebody(id_, agency="BKPSDM", supervisor=None):
    post = Assignment(
        id=f"{id_}-1",
        agency=agency,
        position="Analis",
        supervisor=supervisor,
        from_=date(2026, 1, 1),
        recorded_at=at("00:00"),
    )
    return Person(id_, id_.title(), None, True, (post,))


def an_actor(employee=None, *grants, on_behalf_of=None):
    held = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Actor(account="x", employee=employee, grants=held, on_behalf_of=on_behalf_of)


def an_absence(state="pending", stretch=None):
    return Absence(
        id="a-1",
        employee=EmployeeId("ani"),
        agency=AgencyCode("BKPSDM"),
        agencies=(AgencyCode("BKPSDM"),),
        requested_at=at("08:00"),
        state=state,
        kind="annual_leave",
        counts_as="excused",
        status="leave",
        stretch=stretch or Stretch(TUESDAY, TUESDAY),
        time_zone="Asia/Jakarta",
    )


@pytest.mark.parametrize("state", ["pending", "approved", "rejected", "withdrawn", "revoked"])
@pytest.mark.parametrize("action", TRANSITIONS)
def test_an_action_leads_where_the_table_says_or_nowhere(state, action):
    request = an_absence(state)
    allowed, after = TRANSITIONS[action]

    if state in allowed:
        done = request.after(action, DEED)
        assert (done.state, done.decided().state) == (after, after)
        assert done.history[-1].deed.note == "Baik."
        return
    code = "already_decided" if action in {"approve", "reject"} else "wrong_state"
    with pytest.raises(Refusal, match=code):
        request.after(action, DEED)


@pytest.mark.parametrize("action", ["reject", "revoke"])
def test_what_takes_something_away_needs_a_reason(action):
    with pytest.raises(Refusal, match="reason_required"):
        an_absence().after(action, Deed(at("10:00"), "x"))


@pytest.mark.parametrize(
    ("actor", "person", "decides"),
    [
        (an_actor("budi"), somebody("ani", supervisor="budi"), True),
        (an_actor("budi"), somebody("ani"), False),
        (an_actor("kepala", ("head", "BKPSDM")), somebody("ani"), True),
        (an_actor("kepala", ("head", "DINKES")), somebody("ani"), False),
        # nobody about themselves: a head's request goes to the head of the parent agency
        (an_actor("kepala", ("head", "BKPSDM")), somebody("kepala"), False),
        (an_actor("wali", ("head", "PEMKOT")), somebody("kepala"), True),
        # a deputy in the name of, but not about whom they act for, nor about themselves
        (
            an_actor("budi", ("head", "BKPSDM"), on_behalf_of="kepala"),
            somebody("ani"),
            True,
        ),
        (
            an_actor("budi", ("head", "BKPSDM"), on_behalf_of="kepala"),
            somebody("kepala"),
            False,
        ),
        (an_actor("budi", ("head", "BKPSDM"), on_behalf_of="kepala"), somebody("budi"), False),
        (an_actor("cici", on_behalf_of="budi"), somebody("ani", supervisor="budi"), True),
        # overseers see and do not decide; at the top, where nobody is above, the administrator does
        (an_actor(None, ("admin", "*")), somebody("ani"), False),
        (an_actor(None, ("auditor", "*")), somebody("ani"), False),
        (an_actor(None, ("admin", "*")), somebody("wali", "PEMKOT"), True),
        (an_actor("wali", ("admin", "*")), somebody("wali", "PEMKOT"), False),
    ],
)
def test_who_decides_about_whom(actor, person, decides):
    assert access.decides_about(actor, person, TREE, TUESDAY) is decides


@pytest.mark.parametrize(
    ("actor", "agencies", "whole_city", "among_them", "decides"),
    [
        (an_actor(None, ("admin", "*")), ["BKPSDM"], False, False, True),
        (an_actor("ani", ("admin", "*")), ["BKPSDM"], False, True, False),
        (an_actor(None, ("admin", "*")), [], True, False, True),
        (an_actor("ani", ("admin", "*")), [], True, True, True),
        (an_actor("wali", ("head", "PEMKOT")), ["BKPSDM", "DINKES"], False, False, True),
        (an_actor("wali", ("head", "PEMKOT")), [], True, False, False),
        (an_actor("kepala", ("head", "BKPSDM")), ["BKPSDM"], False, True, False),
        (an_actor("kepala", ("head", "BKPSDM")), ["BKPSDM", "DINKES"], False, False, False),
        (an_actor("kepala", ("head", "BKPSDM")), [], False, False, False),
    ],
)
def test_who_decides_for_many(actor, agencies, whole_city, among_them, decides):
    found = access.decides_for_many(
        actor, agencies, TREE, whole_city=whole_city, among_them=among_them
    )

    assert found is decides


MORNING = Stretch(TUESDAY, TUESDAY, at("07:00"), at("09:00"))


@pytest.mark.parametrize(
    ("kind", "stretch", "reference", "refused"),
    [
        ("annual_leave", Stretch(TUESDAY, TUESDAY), None, None),
        ("annual_leave", MORNING, None, "/from"),
        ("official_duty", MORNING, "800/1", None),
        ("official_duty", MORNING, None, "/reference"),
        ("sick_leave", Stretch(TUESDAY, TUESDAY), None, "/reference"),
        ("sick_day", Stretch(TUESDAY, TUESDAY + timedelta(days=1)), None, "/to"),
        ("permission", MORNING, None, None),
    ],
)
def test_a_kind_says_what_may_be_asked_for(kind, stretch, reference, refused):
    found = kinds_on(TUESDAY)[kind]

    if refused is None:
        check_kind(found, stretch, reference)
        return
    with pytest.raises(Refusal) as told:
        check_kind(found, stretch, reference)
    assert told.value.problem.errors[0].pointer == refused


def test_hours_of_a_night_shift_touch_the_day_it_began():
    night = Stretch.read(at("02:00"), at("04:00"), "Asia/Jakarta")
    absence = an_absence(stretch=night)

    assert absence.days == (TUESDAY - timedelta(days=1), TUESDAY)
    assert not absence.touches(the_rules())
    assert an_absence(stretch=MORNING).touches(the_rules())


def a_booking(name, first, days=1, what="work_elsewhere"):
    start = at("00:00") + timedelta(days=first)
    return Booking(name, what, start, start + timedelta(days=days))


def test_time_is_booked_once_and_a_booking_moves_nobody_but_itself():
    known = Bookings("ani").book(a_booking("a", 0, 3)).state

    assert known.book(a_booking("a", 1, 3)).state.items[0].start == at("00:00") + timedelta(days=1)
    assert len(known.book(a_booking("b", 3)).state.items) == 2
    with pytest.raises(Refusal, match="overlaps"):
        known.book(a_booking("b", 2))


def test_two_days_a_week_is_counted_from_monday_to_sunday():
    """Tuesday is day 0; the week after begins on day 6 (PermenPANRB 4/2025, article 13)."""
    most = policy_on(TUESDAY, (), {}).terms.most_a_week
    known = Bookings("ani").book(a_booking("a", 0)).state.book(a_booking("b", 5)).state

    assert most == 2
    with pytest.raises(Refusal, match="quota_exceeded"):
        known.book(a_booking("c", 3), most_a_week=most)
    known.book(a_booking("c", 6), most_a_week=most)
    known.book(a_booking("a", 1), most_a_week=most)
    known.book(a_booking("leave", 3, what="absence"), most_a_week=most)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=12))
def test_no_two_bookings_ever_overlap_and_freeing_is_the_way_back(asked):
    known = Bookings("ani")
    for number, (first, days) in enumerate(asked):
        one = a_booking(f"b-{number}", first, days, what="absence")
        try:
            after = known.book(one).state
        except Refusal:
            assert known.overlapping(one) is not None
            continue
        assert after.free(one.id).state == known
        known = after

    assert all(known.overlapping(one) is None for one in known.items)


def test_the_places_of_a_day_are_taken_and_given_back():
    half = policy_on(TUESDAY, (), {}).most_of(5)
    full = Places().take("a", half).state.take("b", half).state

    assert half == 2
    assert full.take("a", half).state == full
    with pytest.raises(Refusal, match="quota_exceeded"):
        full.take("c", half)
    assert full.give_back("a").state.take("c", half).state.requests == ("b", "c")
    assert policy_on(TUESDAY, (), {}).most_of(1) == 1


def an_act(**scope):
    start, end = span_of(TUESDAY, TUESDAY, "Asia/Jakarta")
    return GeneralAct(
        id="act-1",
        agency=AgencyCode("BKPSDM"),
        agencies=scope.get("agencies", ()),
        employees=scope.get("employees", ()),
        whole_city=scope.get("city", False),
        requested_at=at("08:00"),
        effect="duty",
        said=Said(),
        start=start,
        end=end,
        time_zone="Asia/Jakarta",
        reason="Pemilu.",
    )


@pytest.mark.parametrize(
    ("act", "concerned"),
    [
        (an_act(city=True), {"ani", "cici"}),
        (an_act(agencies=("PEMKOT",)), {"ani", "cici"}),
        (an_act(agencies=("DINKES",)), {"cici"}),
        (an_act(agencies=("BKPSDM",), employees=("budi",)), set()),
        (an_act(agencies=("BKPSDM",), employees=("ani",)), {"ani"}),
    ],
)
def test_whom_an_act_concerns(act, concerned):
    people = {"ani": "BKPSDM", "cici": "DINKES"}

    assert {who for who, agency in people.items() if act.concerns(who, agency, TREE)} == concerned


def test_an_act_meets_the_days_whose_hours_it_touches():
    act = an_act(city=True)

    assert act.meets(the_rules())
    assert not act.meets(the_rules(TUESDAY + timedelta(days=1)))
    assert not act.meets(the_rules(date(2026, 12, 25)))
    assert (act.about, act.last) == (TUESDAY, TUESDAY)
