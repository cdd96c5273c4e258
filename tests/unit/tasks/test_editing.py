"""What is wanted may change until somebody accepts; a stale editor is told what changed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from services.tasks.help_requests import decisions
from services.tasks.help_requests.editing import Edits, edit, since
from tests.unit.tasks.builders import TUESDAY, a_deed, a_request, in_state, minutes


def asker(after=1):
    return a_deed("asking", "ASKER", at=TUESDAY + minutes(after), by="dewi")


def test_an_edit_leaves_what_was_and_what_is():
    request = a_request()
    due = request.due + timedelta(days=1)

    edited = edit(request, asker(), Edits(title="Tiga orang", people=3, due=due))

    assert (edited.state.title, edited.state.people, edited.state.due) == ("Tiga orang", 3, due)
    assert edited.state.description == request.description
    assert edited.events[0].changed == ("title", "people", "due")
    line = edited.state.timeline[-1]
    assert [(each.field, each.before, each.after) for each in line.changes] == [
        ("title", request.title, "Tiga orang"),
        ("people", 2, 3),
        ("due", request.due, due),
    ]
    assert line.changed == ("title", "people", "due")


def test_the_timer_and_the_search_follow_an_edit():
    request = a_request()
    due = request.due + timedelta(days=1)

    edited = edit(request, asker(), Edits(title="Zebra", due=due)).state

    assert edited.timer_at == due
    assert "zebra" in edited.words
    assert "pendataan" not in edited.words


def test_what_reads_so_already_is_no_change():
    request = a_request()
    same = Edits(people=2, title=request.title)

    assert edit(request, asker(), same) == decisions.Decision(request)


@pytest.mark.parametrize("days", [0, -1, 800])
def test_it_is_needed_some_time_ahead(days):
    with pytest.raises(Refusal) as refused:
        edit(a_request(), asker(0), Edits(due=TUESDAY + timedelta(days=days)))

    assert refused.value.problem.errors[0].pointer == "/due"


def test_a_question_after_acceptance_opens_no_door_for_edits():
    asked = decisions.ask(in_state("accepted"), a_deed(at=TUESDAY + minutes(2)), "Apa?").state

    with pytest.raises(Refusal) as refused:
        edit(asked, asker(3), Edits(people=3))

    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["helping_agency"] == "HELPER"


def test_a_stale_editor_is_told_what_happened_since():
    request = edit(a_request(), asker(1), Edits(people=3)).state
    request = edit(request, asker(2), Edits(title="Tiga orang")).state
    request = decisions.ask(request, a_deed(at=TUESDAY + minutes(3)), "Apa?").state

    missed = since(request, version=4, seen=2)

    assert [(line.action, line.changed) for line in missed] == [
        ("edit", ("title",)),
        ("ask", ("state", "question")),
    ]


@given(version=st.integers(1, 8), seen=st.integers(-3, 12))
def test_never_less_than_what_was_missed_is_told(version, seen):
    request = a_request()
    for place in range(1, version):
        request = edit(request, asker(place), Edits(people=place + 10)).state

    missed = since(request, version, seen)

    assert len(missed) == min(max(0, version - seen), version)
    assert tuple(missed) == request.timeline[len(request.timeline) - len(missed) :]
