"""A job and how it advances; pure, like every aggregate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.envelope import Actor, AgencyCode
from contracts.jobs import JobMessages, JobProblem, JobState
from contracts.outcome import Decision, Refusal

PROBLEMS_KEPT = 200
MOST_ATTEMPTS = 5
ENDED = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Portion:
    """What one portion did: how many things, from where the next goes on (None: none is left)."""

    cursor: str | None
    done: int
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[JobProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Long work that somebody asked for; ``arguments`` is the JSON text of what it needs.

    ``failures`` counts portions in a row that raised; ``ended_at`` begins its retention.
    """

    kind: str
    about: str
    agency: AgencyCode | None
    arguments: str
    actor: Actor
    correlation_id: str
    created_at: datetime
    updated_at: datetime
    state: JobState = "queued"
    cursor: str | None = None
    done: int = 0
    total: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: tuple[JobProblem, ...] = ()
    problem_count: int = 0
    failures: int = 0
    ended_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED


def advance(
    job: Job, id_: str, portion: Portion, *, began_at: str | None, at: datetime, says: JobMessages
) -> Decision[Job]:
    """Count a portion that began at the job's cursor; one that began elsewhere is a late worker's.

    A job that was cancelled meanwhile keeps its state and counts what was done.
    """
    if job.cursor != began_at or job.state in {"done", "failed"}:
        return Decision(job)
    counts = dict(job.counts)
    for name, number in portion.counts.items():
        counts[name] = counts.get(name, 0) + number
    advanced = replace(
        job,
        state="running" if job.state == "queued" else job.state,
        cursor=portion.cursor,
        done=job.done + portion.done,
        total=job.total if portion.total is None else portion.total,
        counts=counts,
        problems=(*job.problems, *portion.problems)[:PROBLEMS_KEPT],
        problem_count=job.problem_count + len(portion.problems),
        failures=0,
        updated_at=at,
    )
    if portion.cursor is not None or advanced.state == "cancelled":
        return Decision(advanced)
    return _ended(replace(advanced, total=advanced.done), id_, "done", at, says)


def fail(
    job: Job, id_: str, *, began_at: str | None, at: datetime, says: JobMessages
) -> Decision[Job]:
    """A portion raised: it is tried again, at most five times in a row."""
    if job.cursor != began_at or job.has_ended:
        return Decision(job)
    failing = replace(job, failures=job.failures + 1, updated_at=at)
    if failing.failures < MOST_ATTEMPTS:
        return Decision(failing)
    problem = JobProblem(about=job.cursor or "", code="internal_error")
    failed = replace(
        failing,
        problems=(*job.problems[: PROBLEMS_KEPT - 1], problem),
        problem_count=job.problem_count + 1,
    )
    return _ended(failed, id_, "failed", at, says)


def cancel(job: Job, id_: str, *, at: datetime, says: JobMessages) -> Decision[Job]:
    """Stop after the present portion."""
    if job.has_ended:
        raise Refusal("wrong_state", state=job.state, action="cancel", allowed="queued, running")
    return _ended(job, id_, "cancelled", at, says)


def _ended(job: Job, id_: str, state: JobState, at: datetime, says: JobMessages) -> Decision[Job]:
    ended = replace(job, state=state, updated_at=at, ended_at=at)
    event = says.ended(
        job=id_,
        kind=job.kind,
        about=job.about,
        agency=job.agency,
        state=state,
        done=ended.done,
        problems=ended.problem_count,
        counts=ended.counts,
    )
    return Decision(ended, (event,))
