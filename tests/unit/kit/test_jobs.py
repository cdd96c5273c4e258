"""A job advances by portions; what a late or repeated worker brings changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Actor
from contracts.jobs import JOBS, JobProblem
from contracts.outcome import Refusal
from kit.jobs.model import MOST_ATTEMPTS, PROBLEMS_KEPT, Job, Portion, advance, cancel, fail

AT = datetime(2026, 11, 24, tzinfo=UTC)
SAYS = JOBS["attendance"]


def a_job(**changes):
    job = Job(
        kind="count",
        about="ten things",
        agency=None,
        arguments="{}",
        actor=Actor(account="admin"),
        correlation_id="c",
        created_at=AT,
        updated_at=AT,
    )
    return replace(job, **changes)


def after(job, portion, *, began_at="same"):
    began = job.cursor if began_at == "same" else began_at
    return advance(job, "id", portion, began_at=began, at=AT + timedelta(seconds=1), says=SAYS)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_portions_add_up_whatever_their_sizes(sizes):
    job = a_job()
    for place, size in enumerate(sizes, start=1):
        cursor = None if place == len(sizes) else f"{place:03}"
        decision = after(job, Portion(cursor, size, total=sum(sizes), counts={"seen": size}))
        job = decision.state

    assert (job.state, job.done, job.total) == ("done", sum(sizes), sum(sizes))
    assert job.counts == {"seen": sum(sizes)}
    assert [event.state for event in decision.events] == ["done"]


def test_a_portion_that_began_elsewhere_is_not_counted():
    job = after(a_job(), Portion("b", 5, total=10)).state

    late = after(job, Portion("b", 5, total=10), began_at=None)

    assert late.state == job
    assert late.events == ()


def test_a_cancelled_job_counts_the_portion_that_was_under_way_and_stays_cancelled():
    running = after(a_job(), Portion("b", 5, total=10)).state
    cancelled = cancel(running, "id", at=AT, says=SAYS).state

    job = after(cancelled, Portion(None, 5)).state

    assert (job.state, job.done) == ("cancelled", 10)


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_what_has_ended_cannot_be_cancelled(state):
    with pytest.raises(Refusal) as refused:
        cancel(a_job(state=state), "id", at=AT, says=SAYS)

    assert refused.value.problem.code == "wrong_state"


def test_a_job_fails_after_five_attempts_in_a_row_and_a_success_begins_anew():
    job = a_job()
    for _ in range(MOST_ATTEMPTS - 1):
        job = fail(job, "id", began_at=None, at=AT, says=SAYS).state
    assert job.state == "queued"
    assert after(job, Portion("b", 1)).state.failures == 0

    decision = fail(job, "id", began_at=None, at=AT, says=SAYS)

    assert decision.state.state == "failed"
    assert [problem.code for problem in decision.state.problems] == ["internal_error"]
    assert [event.state for event in decision.events] == ["failed"]


def test_problems_are_kept_up_to_a_bound_and_counted_beyond():
    many = tuple(JobProblem(about=str(n), code="not_found") for n in range(PROBLEMS_KEPT + 50))

    job = after(a_job(), Portion("b", 1, problems=many)).state

    assert len(job.problems) == PROBLEMS_KEPT
    assert job.problem_count == PROBLEMS_KEPT + 50
