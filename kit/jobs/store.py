"""Jobs and their reports; the only file that knows their collections."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, JsonValue
from pymongo import InsertOne, ReplaceOne

from contracts.envelope import AgencyCode, Command, EventData, Verdict
from contracts.jobs import JOBS, JobMessages, JobView
from contracts.outcome import Decision, Refusal
from contracts.paging import Page, Paging
from kit.clock import now
from kit.ids import derived_id
from kit.jobs import model
from kit.jobs.model import Job, Portion
from kit.storage import pages
from kit.storage.aggregates import Aggregates, AnyCause, Cause, Stored
from kit.storage.batches import commit
from kit.storage.migrations import Index
from kit.storage.store import Store

Row = Mapping[str, JsonValue]
KEPT_S = 180 * 24 * 3_600


class Jobs:
    """The jobs of one service, and what they wrote down; both are forgotten after 180 days."""

    def __init__(self, store: Store, *, says: JobMessages | None = None) -> None:
        self.says = says or JOBS[store.service]
        self.leases = store.leases
        self._database = store.database
        self._jobs: Aggregates[Job] = Aggregates(
            store,
            "jobs",
            Job,
            indexes=[Index([("state", 1)]), Index([("ended_at", 1)], expire_after_s=KEPT_S)],
        )
        self._rows = store.collection(
            "job_rows",
            indexes=[
                Index([("job", 1), ("_id", 1)]),
                Index([("row.employee_id", 1)], sparse=True),
                Index([("at", 1)], expire_after_s=KEPT_S),
            ],
        )

    async def create(
        self,
        command: AnyCause,
        kind: str,
        arguments: BaseModel,
        *,
        about: str,
        agency: AgencyCode | None = None,
        also: tuple[EventData, ...] = (),
    ) -> Verdict:
        """Make the job that this command (or event) asks for; the same makes it once.

        ``about`` and ``agency`` go into events: no person may be in them. ``also`` are events of
        the feature's own that the order itself is.
        """
        origin = Cause.of(command)
        id_ = job_id(origin.id)
        at = now()
        job = Job(
            kind=kind,
            about=about,
            agency=agency,
            arguments=arguments.model_dump_json(by_alias=True),
            actor=origin.actor,
            correlation_id=origin.correlation_id,
            created_at=at,
            updated_at=at,
        )
        event = self.says.queued(job=id_, kind=kind, about=about, agency=agency)
        return await self._jobs.change(
            id_,
            lambda known: Decision(known or job, () if known else (event, *also)),
            command,
            answer=job_view,
            status=202,
        )

    async def get(self, id_: str) -> Stored[Job] | None:
        """A job, or None."""
        return await self._jobs.get(id_)

    async def active(self, limit: int) -> list[Stored[Job]]:
        """Jobs that have not ended, the oldest first."""
        found = await self._jobs.find({"state": {"$in": ["queued", "running"]}})
        return sorted(found, key=lambda stored: (stored.state.created_at, stored.id))[:limit]

    async def advance(self, stored: Stored[Job], portion: Portion) -> None:
        """Count a portion; one write."""
        began_at = stored.state.cursor
        await self._change(
            stored,
            lambda job: model.advance(
                job, stored.id, portion, began_at=began_at, at=now(), says=self.says
            ),
            "portion",
        )

    async def fail(self, stored: Stored[Job]) -> None:
        """A portion raised."""
        began_at = stored.state.cursor
        await self._change(
            stored,
            lambda job: model.fail(job, stored.id, began_at=began_at, at=now(), says=self.says),
            "failure",
        )

    async def cancel(self, command: Command[Any], id_: str) -> Verdict:
        """Stop a job after its present portion."""
        return await self._jobs.change(
            id_,
            lambda job: model.cancel(_known(job), id_, at=now(), says=self.says),
            command,
            answer=job_view,
        )

    async def write_ahead(self, id_: str, rows: Mapping[str, Row]) -> None:
        """Write down what a portion is about to do; rows that stand are left as they are.

        So a portion that is repeated after a crash cannot lose what it did the first time.
        """
        await self._write([InsertOne(_row(id_, key, row)) for key, row in rows.items()])

    async def correct(self, id_: str, rows: Mapping[str, Row]) -> None:
        """Write down what a portion did where that differs from what it was about to do."""
        made = [_row(id_, key, row) for key, row in rows.items()]
        await self._write([ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in made])

    async def report(self, id_: str, paging: Paging) -> Page[dict[str, JsonValue]]:
        """A page of what the job wrote down."""
        found, cursor = await pages.page(
            self._rows, {"job": id_}, limit=paging.limit, cursor=paging.cursor
        )
        return Page(items=tuple(one["row"] for one in found), next_cursor=cursor)

    async def rows_about(self, employee: str) -> list[tuple[str, datetime, Row]]:
        """What jobs wrote down about a person (``employee_id`` of a row), oldest first.

        Each with the id of its job and the moment.
        """
        found = await self._rows.find({"row.employee_id": employee}, sort=[("_id", 1)])
        return [(one["job"], one["at"], one["row"]) for one in found]

    async def reported(self, id_: str) -> int:
        """How many rows the job wrote down."""
        return await self._rows.count_documents({"job": id_})

    async def _write(self, operations: Sequence[Any]) -> None:
        if operations:
            await commit(self._database, self._rows, operations)

    async def _change(self, stored: Stored[Job], decide: Any, purpose: str) -> None:
        job = stored.state
        cause = Cause(
            derived_id(stored.id, purpose, stored.version), job.correlation_id, job.actor, now()
        )
        await self._jobs.change(stored.id, lambda found: decide(_known(found)), cause)


def job_id(cause: str) -> str:
    """The id of the job that the command or event of this id makes."""
    return derived_id(cause, "job")


def job_view(stored: Stored[Job]) -> JobView:
    """A job as callers see it."""
    job = stored.state
    return JobView(
        id=stored.id,
        kind=job.kind,
        about=job.about,
        state=job.state,
        done=job.done,
        total=job.total,
        problems=job.problems,
        result=dict(job.counts) if job.has_ended else None,
        created_at=job.created_at,
        updated_at=job.updated_at,
        actions=() if job.has_ended else ("cancel",),
        version=stored.version,
    )


def _row(id_: str, key: str, row: Row) -> dict[str, Any]:
    return {"_id": f"{id_}:{key}", "job": id_, "at": now(), "row": dict(row)}


def _known(job: Job | None) -> Job:
    if job is None:
        raise Refusal("not_found")
    return job
