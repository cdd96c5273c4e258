"""A hundred thousand requests and tasks as the stores would have written them, put there in bulk.

States are made by the product's own decisions; what is finished is one made request with other
names and days. Nothing was published for them, so they begin with sequence 0.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from contracts.directory import AgencyChanged
from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_requests import HelpWanted
from contracts.outcome import Decision
from contracts.work_items import TaskWanted
from kit.ids import derived_id
from services.tasks.help_requests import decisions
from services.tasks.help_requests.asking import Asker, new_request
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.watching import keep_watch
from services.tasks.insights.model import InsightDay, Row
from services.tasks.own_copies.model import City
from services.tasks.work_items import decisions as task_decisions
from services.tasks.work_items.model import Deed as TaskDeed
from services.tasks.work_items.model import Task
from tests.bench.books import Books
from tests.bench.callers import Caller

REQUESTS, TASKS = 60_000, 40_000
_OPEN_SHARE = 10
"""One of so many is under way."""
_DAYS = 330
_MADE = 3_300
_BATCH = 2_000
_NOUNS = ("pendataan", "jaringan", "arsip", "pemetaan", "pelatihan", "aset", "anggaran", "surat")
_REQUESTS: TypeAdapter[HelpRequest] = TypeAdapter(HelpRequest)
_TASKS: TypeAdapter[Task] = TypeAdapter(Task)
_DAYS_OF: TypeAdapter[InsightDay] = TypeAdapter(InsightDay)


@dataclass(frozen=True, slots=True)
class _Town:
    """The agencies, and somebody of each who helps."""

    city: City
    agencies: Sequence[str]
    helpers: dict[str, str]

    @classmethod
    def of(cls, callers: Sequence[Caller]) -> "_Town":
        agencies = sorted({caller.agency for caller in callers})
        states = {code: _agency(code, "PEMKOT") for code in agencies}
        city = City.of({**states, "PEMKOT": _agency("PEMKOT", None)})
        return cls(city, agencies, {caller.agency: caller.employee for caller in callers})


def _agency(code: str, parent: str | None) -> AgencyChanged:
    return AgencyChanged(
        code=AgencyCode(code),
        name=code,
        kind="dinas",
        parent=AgencyCode(parent) if parent else None,
        time_zone="Asia/Jakarta",
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits to be answered, and who may do what with it."""

    id: str
    asking: str
    receiving: str
    helper: str


def seed(books: Books, callers: Sequence[Caller], now: datetime, waiting: int) -> list[Waiting]:
    """Put everything there; the requests that wait, as many as wanted beside the others."""
    town = _Town.of(callers)
    asked = [_waiting(number, town) for number in range(waiting)]
    documents = [_fresh(one, number, now, town) for number, one in enumerate(asked)]
    rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    made = _made(town, now, waiting, rows)
    _insert(books, "help_requests", iter(documents))
    _insert(books, "help_requests", made)
    _insert(books, "work_items", _tasks(callers, now))
    days = (
        InsightDay(day, found, sum(not row.delivered for row in found.values()))
        for day, found in rows.items()
    )
    _insert(books, "insight_days", (_stored(day.day, _DAYS_OF.dump_python(day)) for day in days))
    return asked


def noun(number: int) -> str:
    """A word that stands in the title of one of eight."""
    return _NOUNS[number % len(_NOUNS)]


def _waiting(number: int, town: _Town) -> Waiting:
    agencies = town.agencies
    asking = agencies[number % len(agencies)]
    receiving = agencies[(number * 7 + 1) % len(agencies)]
    if receiving == asking:
        receiving = agencies[(number * 7 + 2) % len(agencies)]
    return Waiting(derived_id("seed", number), asking, receiving, town.helpers[receiving])


def _request(one: Waiting, number: int, at: datetime, town: _Town) -> HelpRequest:
    body = HelpWanted.model_validate(
        {
            "to": (one.receiving,),
            "title": f"Bantuan {noun(number)} {number}",
            "description": f"Membantu {noun(number + 3)} selama dua hari kerja.",
            "skills": (noun(number),),
            "people": 1,
            "due": at + timedelta(days=20),
        }
    )
    asker = Asker(AgencyCode(one.asking), at)
    fresh = new_request(one.id, f"SEED/{number:06d}", body, asker, town.city)
    deed = Deed(at, "asking", asker.agency, town.city.schedule_of(one.asking), account="seed")
    return decisions.ask_for_help(fresh, deed).state


def _helped(request: HelpRequest, one: Waiting, town: _Town, *, finished: bool) -> HelpRequest:
    at, schedule = request.requested_at, town.city.schedule_of(one.receiving)
    helps = Deed(at, "receiving", AgencyCode(one.receiving), schedule, account="seed")
    asks = Deed(at, "asking", AgencyCode(one.asking), schedule, account="seed")
    hour = timedelta(hours=1)
    people = [EmployeeId(one.helper)]
    request = decisions.accept(request, replace(helps, at=at + hour), people).state
    request = decisions.start(request, replace(helps, at=at + 2 * hour)).state
    request = decisions.log_work(request, replace(helps, at=at + 3 * hour), 90, "Mulai").state
    if not finished:
        return request
    request = decisions.deliver(request, replace(helps, at=at + 26 * hour), "Selesai").state
    return decisions.confirm(request, replace(asks, at=at + 28 * hour), 5, "Matur nuwun").state


def _fresh(one: Waiting, number: int, at: datetime, town: _Town) -> dict[str, Any]:
    watched = keep_watch(None, Decision(_request(one, number, at, town)), town.city, at).state
    return _stored(one.id, _REQUESTS.dump_python(watched))


def _made(
    town: _Town, now: datetime, first: int, rows: dict[str, dict[str, Row]]
) -> Iterator[dict[str, Any]]:
    """Requests of the year before now: one of ten under way, the others confirmed.

    Some thousands are made by decisions; the others are those again under other ids and numbers.
    """
    for place in range(_MADE):
        one = _waiting(first + place, town)
        under_way = place % _OPEN_SHARE == 0
        at = now - timedelta(hours=1) if under_way else now - timedelta(days=2 + place % _DAYS)
        done = _helped(_request(one, first + place, at, town), one, town, finished=not under_way)
        watched = keep_watch(None, Decision(done), town.city, at).state
        quiet = watched if under_way else replace(watched, rings_at=None)
        made, row = _stored(one.id, _REQUESTS.dump_python(quiet)), _row(quiet)
        for number in range(first + place, REQUESTS, _MADE):
            id_ = derived_id("seed", number)
            rows[at.date().isoformat()][id_] = row
            yield {**made, "_id": id_, "id": id_, "number": f"SEED/{number:06d}"}


def _row(request: HelpRequest) -> Row:
    return Row(
        sequence=1,
        asking=request.asking_agency,
        responding=request.responding_agency,
        state=request.state,
        accepted=True,
        delivered=request.completion_minutes is not None,
        waiting_for=request.waiting_for,
        since=request.waiting_since,
        response=request.response_minutes,
        response_target=request.response_target,
        completion=request.completion_minutes,
        completion_target=request.completion_target,
    )


def _tasks(callers: Sequence[Caller], now: datetime) -> Iterator[dict[str, Any]]:
    for place in range(_MADE):
        caller = callers[place % len(callers)]
        at = now - timedelta(days=place % _DAYS, hours=1)
        deed = TaskDeed(at, EmployeeId(caller.employee), caller.account)
        id_ = derived_id("seed-task", place)
        body = TaskWanted.model_validate(
            {"title": f"Susun {noun(place)} {place}", "assignees": (caller.employee,)}
        )
        task = task_decisions.create(id_, body, AgencyCode(caller.agency), deed).state
        if place % _OPEN_SHARE:
            task = task_decisions.move_on(id_, task, "complete", "selesai", deed).state
        made = _stored(id_, _TASKS.dump_python(task))
        for number in range(place, TASKS, _MADE):
            yield {**made, "_id": derived_id("seed-task", number)}


def _stored(id_: str, state: dict[str, Any]) -> dict[str, Any]:
    kept = {"version": 1, "sequence": 0, "schema": 1, "receipts": [], "outbox": []}
    return {**_plain(state), **kept, "_id": id_}


def _plain(value: Any) -> Any:
    """The value as the driver writes it: lists for tuples, moments for days."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def _insert(books: Books, name: str, documents: Iterator[dict[str, Any]]) -> None:
    collection, batch = books.collection("tasks", name), list[dict[str, Any]]()
    for document in documents:
        batch.append(document)
        if len(batch) == _BATCH:
            collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        collection.insert_many(batch, ordered=False)


def moment() -> datetime:
    """Now, as the database keeps it."""
    return datetime.now(UTC).replace(microsecond=0)
