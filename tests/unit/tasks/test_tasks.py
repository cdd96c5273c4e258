"""What becomes of a task: its table, its fields, its lines, and what another one has missed."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from contracts.work_terms import MoveAction, TaskState
from services.tasks.uploads.model import Attachment
from services.tasks.work_items import decisions, transitions
from services.tasks.work_items.differences import since
from services.tasks.work_items.ordering import at_the_end, between
from services.tasks.work_items.transitions import MOVES, STATES, UNFINISHED, diagram, leading
from tests.unit.tasks.builders import TUESDAY
from tests.unit.tasks.task_builders import ID, a_deed, a_task, edited

ACTIONS = get_args(MoveAction)


def refused(code):
    return pytest.raises(Refusal, match=f"^{code}$")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_state_and_action_is_as_the_table_says(state, action):
    task, row = a_task(state), MOVES.get((state, action))

    if row is None:
        with refused("wrong_state"):
            decisions.move_on(ID, task, action, "perlu", a_deed(minute=9))
        return
    decision = decisions.move_on(ID, task, action, "perlu", a_deed(minute=9))

    assert decision.state.state == row.to
    assert (decision.state.completed_at is not None) == (row.to == "done")
    (event,) = decision.events
    assert (event.state, event.by) == (row.to, "ani")
    assert decision.state.revision == task.revision + 1


@pytest.mark.parametrize(("state", "action"), [key for key, row in MOVES.items() if row.reason])
def test_what_surprises_others_needs_a_reason(state, action):
    with refused("reason_required"):
        decisions.move_on(ID, a_task(state), action, "  ", a_deed(minute=9))


def test_every_unfinished_state_can_end_and_every_finished_one_be_opened_again():
    for state in UNFINISHED:
        assert {(state, "complete"), (state, "cancel")} <= set(MOVES)
    assert {state for state, action in MOVES if action == "reopen"} == transitions.FINISHED


def test_a_column_is_reached_by_the_action_that_leads_there():
    assert leading("open", "done") == "complete"
    assert leading("done", "in_progress") is None


@pytest.mark.parametrize("action", ["start", "complete"])
def test_a_task_waits_for_those_before_it(action):
    with refused("wrong_state") as no:
        decisions.move_on(ID, a_task(), action, "", a_deed(), hindered=["task-0"])

    assert no.value.problem.facts["waits_for"] == ["task-0"]
    decisions.move_on(ID, a_task(), "cancel", "tidak perlu", a_deed(), hindered=["task-0"])


def test_an_edit_tells_what_differs_and_finds_the_task_by_its_new_words():
    decision = edited(a_task(labels=["rekap"]), title="Periksa mesin", due=None, labels=["mesin"])

    line = decision.state.timeline[-1]
    assert [(each.field, each.before, each.after) for each in line.changes] == [
        ("title", "Susun rekap presensi", "Periksa mesin"),
        ("labels", "rekap", "mesin"),
    ]
    assert decision.events[0].fields == ("title", "labels")
    assert {"periksa", "mesin"} <= set(decision.state.words)
    assert "rekap" not in decision.state.words


def test_the_same_values_again_are_a_write_without_a_line():
    task = a_task()
    decision = edited(task, title=task.title)

    assert decision.events == ()
    assert decision.state.timeline == task.timeline
    assert decision.state.revision == task.revision + 1


def test_what_must_have_a_value_cannot_be_emptied():
    with refused("validation_failed"):
        edited(a_task(), title=None)
    assert edited(a_task(due=TUESDAY + timedelta(days=1)), due=None).state.due is None


def test_putting_people_on_and_off_is_an_event_of_its_own_and_they_go_on_seeing_it():
    task = a_task(assignees=["ani"])
    decision = edited(task, assignees=["budi"])

    assert [event.type for event in decision.events] == [
        "tasks.task.edited.v1",
        "tasks.task.assigned.v1",
    ]
    assert (decision.events[1].added, decision.events[1].removed) == (("budi",), ("ani",))
    assert set(decision.state.participants) == {"ani", "budi"}


def test_lines_of_a_checklist_keep_who_ticked_them():
    task = a_task(checklist=["unduh", "periksa"])
    ticked = decisions.tick(ID, task, a_deed("budi"), item="1", done=True).state
    again = edited(
        ticked,
        checklist=[
            {"text": "kirim"},
            {"id": "1", "text": "unduh data", "done": True},
        ],
    ).state

    assert [(each.id, each.text, each.done_by) for each in again.checklist] == [
        ("3", "kirim", None),
        ("1", "unduh data", "budi"),
    ]
    with refused("validation_failed"):
        edited(task, checklist=[{"id": "9", "text": "x"}])
    with refused("validation_failed"):
        edited(task, checklist=[{"id": "1", "text": "x"}, {"id": "1", "text": "y"}])
    with refused("not_found"):
        decisions.tick(ID, task, a_deed(), item="9", done=True)


def test_work_is_of_today_or_the_last_year():
    today = TUESDAY.date()
    more = {"minutes": 30, "outcome": "", "today": today}

    task = decisions.log_work(ID, a_task(), a_deed(), on=today, **more).state
    task = decisions.log_work(ID, task, a_deed(), on=today - timedelta(days=366), **more).state

    assert task.worked_minutes == 60
    for day in (1, -367):
        with refused("validation_failed"):
            decisions.log_work(ID, task, a_deed(), on=today + timedelta(days=day), **more)


def test_who_is_named_goes_on_seeing_the_task_and_the_event_has_no_words():
    decision = decisions.comment(ID, a_task(), a_deed(), text="Mohon dicek", mentions=["budi"])

    assert "budi" in decision.state.participants
    assert decision.events[0].mentions == ("budi",)
    assert "Mohon" not in decision.events[0].model_dump_json()


def test_a_task_holds_so_many_comments_and_files_and_no_more():
    task = a_task()
    for _ in range(decisions.MOST_COMMENTS):
        task = decisions.comment(ID, task, a_deed(), text="x", mentions=[]).state
    with refused("validation_failed"):
        decisions.comment(ID, task, a_deed(), text="x", mentions=[])


def test_a_file_is_attached_once():
    file = Attachment("upload-1", "surat.pdf", "application/pdf", 10, "0" * 64, TUESDAY)
    once = decisions.attach(ID, a_task(), a_deed(), file)
    twice = decisions.attach(ID, once.state, a_deed(), file)

    assert [each.upload for each in once.events] == ["upload-1"]
    assert (twice.events, len(twice.state.attachments)) == ((), 1)


def test_somebody_who_looked_earlier_is_told_what_happened_since():
    seen = a_task()
    task = edited(seen, "budi", title="Lain", priority="high").state
    task = decisions.move_on(ID, task, "start", "", a_deed("budi", minute=7)).state

    told = since(task, seen.revision)

    assert [(each["version"], each["by"], each["action"]) for each in told] == [
        (2, "budi", "edit"),
        (3, "budi", "start"),
    ]
    assert told[0]["fields"] == [
        {"field": "title", "before": "Susun rekap presensi", "now": "Lain"},
        {"field": "priority", "before": "normal", "now": "high"},
    ]
    assert told[1]["state"] == {"before": "open", "now": "in_progress"}
    assert since(task, task.revision) == []


def test_a_place_is_between_its_neighbours_or_behind_the_first_of_two_that_have_crossed():
    task = a_task()

    assert "b" < decisions.place(task, a_deed(), low="b", high="c").state.position < "c"
    assert decisions.place(task, a_deed(), low="c", high="b").state.position > "c"
    moved = decisions.place_in(ID, task, a_deed(), "done", "", low="b", high=None)
    assert (moved.state.state, moved.state.position > "b") == ("done", True)
    assert moved.state.revision == task.revision + 1
    with refused("wrong_state"):
        decisions.place_in(ID, a_task("done"), a_deed(), "waiting", "x", low=None, high=None)


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=60))
def test_there_is_always_room_between_two(places):
    """Insert again and again at any place: the order holds and no two are equal."""
    order = [at_the_end(TUESDAY), at_the_end(TUESDAY + timedelta(milliseconds=1))]
    for place in places:
        at = place % (len(order) + 1)
        low = order[at - 1] if at else None
        high = order[at] if at < len(order) else None
        made = between(low, high)
        order.insert(at, made)
        assert not made.endswith("0")

    assert order == sorted(set(order))


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, MOMENTS)
def test_what_is_made_later_lies_behind(one, other):
    first, second = sorted((one, other))

    assert at_the_end(first) <= at_the_end(second)


def test_states_are_those_of_the_contract():
    assert get_args(TaskState) == STATES


def test_the_drawing_in_the_documents_is_the_table(pytestconfig):
    text = (pytestconfig.rootpath / "docs" / "tasks.md").read_text()

    assert diagram() in text
