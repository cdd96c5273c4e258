"""Several agencies help together: each takes a part of the people and hands over its own work."""

import pytest

from contracts.outcome import Refusal
from services.tasks.help_requests import decisions, messages
from services.tasks.help_requests.messages import Onlooker
from tests.unit.tasks.builders import (
    CITY,
    PEOPLE,
    TUESDAY,
    a_deed,
    a_request,
    an_actor,
    minutes,
)

BOTH = ("HELPER", "SECOND", "OTHER")


def by(agency, after=1):
    return a_deed(agency=agency, at=TUESDAY + minutes(after))


def asked(people=3, to=BOTH, **other):
    return a_request(to, mode="parts", people=people, **other)


def joined(people=3):
    """HELPER with one person and SECOND with one; one of three is still wanted."""
    first = decisions.accept(asked(people), by("HELPER"), ["ani"]).state
    return decisions.accept(first, by("SECOND", 30), ["citra"]).state


def test_each_agency_takes_its_part():
    first = decisions.accept(asked(), by("HELPER"), ["ani"])
    second = decisions.accept(first.state, by("SECOND", 30), ["citra"])

    assert first.state.state == second.state.state == "accepted"
    assert second.state.helping_agencies == ("HELPER", "SECOND")
    assert second.state.people_assigned == ("ani", "citra")
    assert second.state.people_missing == 1
    assert [each.assignment for each in second.state.parts] == [1, 2]
    told = second.events[0]
    assert (told.helping_agencies, told.responding_agency) == (("HELPER", "SECOND"), "SECOND")
    assert told.response_minutes == 30
    assert second.state.response_minutes == 1  # the word that was waited for was the first one


def test_nobody_takes_more_places_than_are_left():
    with pytest.raises(Refusal) as refused:
        decisions.accept(joined(), by("OTHER", 40), ["eko", "fajar"])

    assert refused.value.problem.errors[0].pointer == "/people"


def test_who_comes_too_late_learns_that_all_places_are_taken():
    with pytest.raises(Refusal) as refused:
        decisions.accept(joined(people=2), by("OTHER", 40), ["eko"])

    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["helping_agency"] == "HELPER"


def test_others_join_while_the_work_is_on():
    begun = decisions.start(joined(), by("HELPER", 40)).state

    whole = decisions.accept(begun, by("OTHER", 50), ["eko"]).state

    assert whole.state == "in_progress"
    assert whole.people_missing == 0


def test_a_decline_after_the_first_part_takes_out_only_that_agency():
    first = decisions.accept(asked(), by("HELPER"), ["ani"]).state

    left = decisions.decline(first, by("SECOND"), "Penuh").state
    nobody = decisions.decline(left, by("OTHER"), "Penuh").state

    assert (left.state, nobody.state) == ("accepted", "accepted")
    assert nobody.responding_agency == "HELPER"
    assert nobody.waiting == ()


def test_it_is_delivered_with_the_last_part():
    begun = decisions.start(joined(), by("HELPER", 40)).state

    one = decisions.deliver(begun, by("SECOND", 50), "Bagian kami", ["https://example.org/a"])
    both = decisions.deliver(one.state, by("HELPER", 60), "Bagian lain")

    assert one.state.state == "in_progress"
    assert one.state.summary is None
    assert one.events[0].type == "tasks.help_request.part_delivered.v1"
    assert both.state.state == "delivered"
    assert both.state.summary == "HELPER: Bagian lain\nSECOND: Bagian kami"
    assert both.state.links == ("https://example.org/a",)
    assert both.events[0].type == "tasks.help_request.delivered.v1"


def test_a_return_asks_every_part_anew():
    begun = decisions.start(joined(), by("HELPER", 40)).state
    one = decisions.deliver(begun, by("SECOND", 50), "Bagian kami").state
    both = decisions.deliver(one, by("HELPER", 60), "Bagian lain").state

    back = decisions.send_back(both, a_deed("asking", "ASKER", at=TUESDAY + minutes(70)), "Kurang")

    assert back.state.state == "in_progress"
    assert [part.delivered_at for part in back.state.parts] == [None, None]


def test_one_part_is_handed_on_and_the_others_stay():
    two = decisions.accept(asked(to=("HELPER", "SECOND")), by("HELPER"), ["ani"]).state
    two = decisions.accept(two, by("SECOND", 2), ["citra"]).state

    passed = decisions.hand_on(two, by("HELPER", 5), "OTHER", "Bukan bidang kami").state
    joined_by = decisions.accept(passed, by("OTHER", 8), ["eko"])

    assert passed.state == "accepted"
    assert passed.helping_agencies == ("SECOND",)
    assert passed.waiting == ("OTHER",)
    assert joined_by.state.people_assigned == ("citra", "eko")
    assert joined_by.events[0].response_minutes == 3


def test_other_people_of_one_part_leave_the_other_part_alone():
    changed = decisions.assign(joined(), by("HELPER", 40), ["budi"]).state

    assert changed.people_assigned == ("budi", "citra")
    assert changed.number_of(changed.parts[0]).endswith("/ST-3")
    assert changed.number_of(changed.parts[1]).endswith("/ST-2")
    with pytest.raises(Refusal) as refused:
        decisions.assign(changed, by("HELPER", 41), ["ani", "budi", "moved"])
    assert refused.value.problem.errors[0].pointer == "/people"


def test_parts_are_shown_with_their_people():
    onlooker = Onlooker(an_actor(("head", "ASKER")), TUESDAY + minutes(60), CITY, PEOPLE)

    shown = messages.view(joined(), 3, onlooker)

    assert shown.mode == "parts"
    assert [(each.agency, each.people[0].name) for each in shown.parts] == [
        ("HELPER", "Ani"),
        ("SECOND", "Citra"),
    ]
    assert shown.people_missing == 1


def test_an_open_call_is_filled_part_by_part():
    call = asked(people=2, to="anyone")

    first = decisions.accept(call, by("OTHER"), ["eko"]).state
    whole = decisions.accept(first, by("SECOND", 2), ["citra"]).state

    assert first.is_open_to("HELPER")
    assert not first.is_open_to("OTHER")
    assert not whole.is_open_to("HELPER")
