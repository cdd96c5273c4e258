"""Recorded requests go through the same transitions, at their own moments."""

from datetime import timedelta

import pytest

from contracts.help_requests import ImportedHelpRequest
from contracts.outcome import Refusal
from services.tasks.imports.replay import replay
from tests.unit.tasks.builders import CITY, PEOPLE, TUESDAY, wanted

UNTIL = TUESDAY + timedelta(days=30)


def step(action, after, /, **other):
    return {"action": action, "at": TUESDAY + timedelta(minutes=after), **other}


def replayed(*steps, until=UNTIL, **other):
    item = ImportedHelpRequest.model_validate(
        wanted().model_dump()
        | {"asking_agency": "ASKER", "requested_at": TUESDAY, "steps": steps}
        | other
    )
    return replay("id", "N/1", item, account="loader", until=until, city=CITY, people=PEOPLE)


WHOLE = (
    step("accept", 45, people=["ani"]),
    step("ask", 50, question="Ruang mana?"),
    step("answer", 80, text="Aula"),
    step("start", 90),
    step("log", 100, minutes=30, note="Kabel", by="ani"),
    step("deliver", 200, summary="Selesai"),
    step("return", 210, reason="Satu meja belum"),
    step("deliver", 230, summary="Selesai semua"),
    step("confirm", 300, rating=5, thanks="Matur nuwun"),
)


def test_a_whole_life_comes_in_at_once():
    done = replayed(*WHOLE)

    assert done.state.state == "confirmed"
    assert done.state.imported
    assert done.state.response_minutes == 45
    assert done.state.rating == 5
    types = [type(event).__name__.removeprefix("Help") for event in done.events]
    assert types == [
        "Requested", "Accepted", "Asked", "Answered", "Started", "Logged", "Delivered", "Returned",
        "Delivered", "Confirmed",
    ]  # fmt: skip
    assert [event.at for event in done.events] == [line.at for line in done.state.timeline]
    assert all(event.imported for event in done.events)


def test_a_late_answer_counts_its_working_minutes():
    done = replayed(step("decline", 60 * 24, reason="Penuh"))  # the next morning, same time

    assert done.state.state == "declined"
    assert done.state.response_minutes == 480


def test_a_moment_without_a_word_stays_requested():
    assert replayed().state.state == "requested"


@pytest.mark.parametrize(
    ("steps", "code", "pointer"),
    [
        ([step("start", 10)], "wrong_state", None),
        ([step("accept", 10)], "validation_failed", "/steps/0/people"),
        ([step("accept", 10, people=["dewi"])], "unknown_employee", None),
        ([step("decline", 10)], "reason_required", None),
        ([step("accept", 10, people=["ani"], agency="OTHER")], "not_the_receiving_agency", None),
        ([step("withdraw", 10, reason="x", agency="OTHER")], "not_the_asking_agency", None),
        ([step("hand-on", 10, reason="x", to="NOWHERE")], "validation_failed", "/steps/0/to"),
        ([*WHOLE[:6], step("confirm", 300)], "validation_failed", "/steps/6/rating"),
        ([step("ask", 20, question="?"), step("answer", 10, text="!")], "validation_failed",
         "/steps/1/at"),
        ([step("accept", 60 * 24 * 40, people=["ani"])], "validation_failed", "/steps"),
        ([step("accept", 60 * 24 * 4, people=["ani"])], "wrong_state", None),
    ],
)  # fmt: skip
def test_a_bad_step_refuses_the_whole_request(steps, code, pointer):
    with pytest.raises(Refusal) as refused:
        replayed(*steps)

    problem = refused.value.problem
    assert problem.code == code
    assert not refused.value.retryable
    if pointer:
        assert [error.pointer for error in problem.errors] == [pointer]
    else:
        assert problem.facts["step"] == len(steps) - 1


def test_a_request_of_the_future_is_refused():
    with pytest.raises(Refusal) as refused:
        replayed(until=TUESDAY - timedelta(minutes=1))

    assert refused.value.problem.errors[0].pointer == "/requested_at"


def test_due_may_lie_in_the_past():
    assert replayed(until=TUESDAY + timedelta(days=400)).state.timer == "expire"


def test_of_several_receivers_the_step_says_which():
    with pytest.raises(Refusal) as refused:
        replayed(step("decline", 5, reason="Penuh"), to=["HELPER", "SECOND"])
    done = replayed(
        step("decline", 5, reason="Penuh", agency="SECOND"),
        step("accept", 9, people=["ani"]),
        to=["HELPER", "SECOND"],
    )

    assert refused.value.problem.code == "not_the_receiving_agency"
    assert done.state.helping_agency == "HELPER"
