"""Long work: a command makes a job, a background worker of the service carries it out."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import AwareDatetime, Field, JsonValue

from contracts.envelope import AgencyCode, CommandBody, EventData, QueryBody, Value
from contracts.paging import Paging

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


class JobProblem(Value):
    """Something a job could not do: what it was about, and the code that says why."""

    about: str
    code: str


class JobView(Value):
    """A job: how far it has come, what it could not do, and what came of it.

    ``total`` is null until it is known. ``problems`` holds the first 200; ``result`` counts what
    was done, once the job has ended.
    """

    id: str
    kind: str
    about: str
    state: JobState
    done: int
    total: int | None
    problems: tuple[JobProblem, ...] = ()
    result: dict[str, JsonValue] | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    actions: tuple[str, ...] = ()
    version: int


class GetJob(QueryBody):
    """How far a job has come; registered once per service that has jobs."""

    job: str = Field(min_length=1, max_length=64)


class ReadJobReport(QueryBody):
    """What a job wrote down, row by row; registered once per service that has jobs."""

    job: str = Field(min_length=1, max_length=64)
    paging: Paging = Paging()


class CancelJob(CommandBody):
    """Stop a job after its present portion; registered once per service that has jobs."""

    job: str = Field(min_length=1, max_length=64)


class JobQueued(EventData):
    """Somebody asked for long work; declared once per service that has jobs."""

    job: str
    kind: str
    about: str
    agency: AgencyCode | None = None


class JobEnded(EventData):
    """Long work has ended; declared once per service that has jobs."""

    job: str
    kind: str
    about: str
    agency: AgencyCode | None = None
    state: JobState
    done: int = Field(ge=0)
    problems: int = Field(default=0, ge=0)
    counts: dict[str, int] = Field(default_factory=dict)


class GetAttendanceJob(GetJob, name="attendance.get_job"):
    """How far a job of attendance has come."""


class ReadAttendanceJobReport(ReadJobReport, name="attendance.read_job_report"):
    """What a job of attendance wrote down, row by row."""


class CancelAttendanceJob(CancelJob, name="attendance.cancel_job", feature="attendance.jobs"):
    """Stop a job of attendance after its present portion; what is done stays done."""


_EXAMPLE = {
    "job": "0d7e8c1a-4b5f-5c3e-9a51-0f6f3a6d1c01",
    "kind": "recompute_days",
    "about": "BKPSDM 2026-11-01..2026-11-30",
    "agency": AgencyCode("BKPSDM"),
}


class AttendanceJobQueued(JobQueued, type="attendance.job.queued.v1", since="1.1"):
    """Somebody asked attendance for long work, such as recomputing the days of an agency."""

    @classmethod
    def example(cls) -> Self:
        """A month of the personnel agency is to be computed anew."""
        return cls.model_validate(_EXAMPLE)


class AttendanceJobEnded(JobEnded, type="attendance.job.ended.v1", since="1.1"):
    """Long work of attendance has ended: done, failed or cancelled, and what it counted."""

    @classmethod
    def example(cls) -> Self:
        """Of sixty people's days, two have another result now."""
        ended = {"state": "done", "done": 60, "counts": {"changed": 2, "unchanged": 1_258}}
        return cls.model_validate(_EXAMPLE | ended)


class GetKpiJob(GetJob, name="kpi.get_job"):
    """How far a job of KPI has come."""


class ReadKpiJobReport(ReadJobReport, name="kpi.read_job_report"):
    """What a job of KPI wrote down, row by row."""


class CancelKpiJob(CancelJob, name="kpi.cancel_job", feature="kpi.jobs"):
    """Stop a job of KPI after its present portion."""


_KPI_EXAMPLE = {
    "job": "0d7e8c1a-4b5f-5c3e-9a51-0f6f3a6d1c02",
    "kind": "preview_indicator",
    "about": "punctuality 2026-10",
}


class KpiJobQueued(JobQueued, type="kpi.job.queued.v1", since="1.1"):
    """Somebody asked KPI for long work, such as trying an indicator on a past month."""

    @classmethod
    def example(cls) -> Self:
        """A version of punctuality is to be tried on October."""
        return cls.model_validate(_KPI_EXAMPLE)


class KpiJobEnded(JobEnded, type="kpi.job.ended.v1", since="1.1"):
    """Long work of KPI has ended: done, failed or cancelled, and what it counted."""

    @classmethod
    def example(cls) -> Self:
        """Of six thousand people, forty would have another score."""
        ended = {"state": "done", "done": 6_000, "counts": {"people": 6_000, "changed": 40}}
        return cls.model_validate(_KPI_EXAMPLE | ended)


@dataclass(frozen=True, slots=True)
class JobMessages:
    """The messages about the jobs of one service."""

    get: type[GetJob]
    report: type[ReadJobReport]
    cancel: type[CancelJob]
    queued: type[JobQueued]
    ended: type[JobEnded]


JOBS: dict[str, JobMessages] = {
    "attendance": JobMessages(
        get=GetAttendanceJob,
        report=ReadAttendanceJobReport,
        cancel=CancelAttendanceJob,
        queued=AttendanceJobQueued,
        ended=AttendanceJobEnded,
    ),
    "kpi": JobMessages(
        get=GetKpiJob,
        report=ReadKpiJobReport,
        cancel=CancelKpiJob,
        queued=KpiJobQueued,
        ended=KpiJobEnded,
    ),
}
"""The services that have jobs."""
