"""The digest of what is overdue: in the morning of a working day, the longest late first."""

from datetime import date, timedelta

import pytest

from services.tasks.help_requests import decisions
from services.tasks.help_requests.watching import keep_watch
from services.tasks.overdue.model import make, morning
from tests.unit.tasks.builders import CITY, SCHEDULE, a_deed
from tests.unit.tasks.test_watching import LATE, asked, local, until

ON = date(2026, 11, 30)


def late(at, **other):
    request = asked(at=local(at), **other)
    return until(request, LATE - timedelta(days=150))[0]


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2026-11-30T07:29", None),
        ("2026-11-30T07:30", ON),
        ("2026-11-30T22:00", ON),
        ("2026-11-29T10:00", None),
        ("2026-12-25T10:00", None),
    ],
)
def test_it_is_made_from_the_beginning_of_a_working_day_on(at, on):
    assert morning(local(at), SCHEDULE) == on


def test_it_names_what_has_come_up_the_longest_late_first():
    second, first = late("2026-11-24T09:00"), late("2026-11-23T09:00")

    made = make("PEMKOT", ON, local("2026-11-30T07:30"), [second, first])

    (event,) = made.events
    assert event.total == 2
    assert [item.due for item in event.items] == [first.watches[0].due, second.watches[0].due]
    assert {item.holding_agency for item in event.items} == {"HELPER"}
    assert {item.step for item in event.items} == {1}


def test_a_day_on_which_nothing_is_late_is_done_without_a_word():
    made = make("PEMKOT", ON, local("2026-11-30T07:30"), [])

    assert made.events == ()
    assert made.state.total == 0


def test_what_was_answered_meanwhile_is_in_no_digest():
    request = late("2026-11-24T09:00")
    deed = a_deed(at=request.changed_at + timedelta(days=1))

    answered = keep_watch(request, decisions.accept(request, deed, ["ani"]), CITY, deed.at).state

    assert request.digests == ("PEMKOT",)
    assert answered.digests == ()
