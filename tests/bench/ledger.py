"""The ledger and its scores: a month of facts at once, a steady stream, readers, another rule.

Facts go straight into the queue of KPI's ledger, so that what is measured is KPI alone; they are
not in the log of events, and the account of the other scenarios is made up before.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import aio_pika
import aiohttp
from aio_pika.abc import AbstractIncomingMessage

from contracts.attendance import DayChanged
from contracts.attendance_terms import DayStatus
from contracts.envelope import Actor, AgencyCode, EmployeeId, Event, Grant
from kit.ids import new_id
from kit.messaging import topology
from tests.bench import backlog, meters
from tests.bench.callers import ADMIN, Caller
from tests.bench.plans import Call, Plan
from tests.bench.scenarios import Bench, Figure, Result, percentiles

_QUEUE = "kpi.ledger.on-days"
_SECOND_PERSON = Actor(account="admin-2", grants=(Grant(role="admin"),))
_WORKING_DAYS = 20
_STEADY_PER_S = 100
_STEADY_S = 20.0
_READS_PER_S = 100
_READS_S = 15.0
_AT_ONCE = 500
_PATIENCE_S = 600.0
_TOLERANT = {
    "name": {"id": "Tepat waktu, toleransi", "en": "In time, tolerant"},
    "meaning": {"id": "Toleransi 15 menit.", "en": "Fifteen minutes are let."},
    "scope": ["employee", "agency", "city"],
    "formula": "share(days.filter(d, d.working_day).map(d, d.late_minutes <= 15))",
    "unit": "percent",
    "direction": "higher",
    "target": "100",
    "weight": "50",
}


async def ledger(bench: Bench, short: float) -> Result:
    """Facts a second into ledger and scores, lag of a score behind its fact, readers, rejudging."""
    days = _days_of_last_month()[: max(1, round(_WORKING_DAYS * short))]
    month = f"{days[0]:%Y-%m}"
    before = meters.cpu_seconds(bench.system.pids())
    connection = await aio_pika.connect(bench.addresses.rabbitmq)
    async with connection:
        channel = await connection.channel()
        figures = await _intake(bench, channel, days)
        figures += await _lag(bench, channel, days[0], short)
    bench.system.progress.say("reading scorecards")
    tokens = bench.mint.tokens_for(bench.callers)
    wanted = round(_READS_PER_S * _READS_S * short * 1.3) + 50
    path = f"/v1/employees/me/scorecard?period={month}"
    calls = tuple(Call(tokens[number * 7 % len(tokens)], path) for number in range(wanted))
    plan = Plan(bench.addresses.gateway, "open", _READS_S * short, calls, rate=float(_READS_PER_S))
    run = await bench.generate("kpi", plan)
    figures += percentiles(run.samples, 150)
    figures += await _rejudging(bench, days[0], month)
    cpu = meters.used(before, meters.cpu_seconds(bench.system.pids()))
    failures = [*run.unexpected, *_wrong(bench, month, len(days))]
    return Result("kpi", figures, run, cpu | {"generator": run.cpu_s}, None, failures)


async def _intake(
    bench: Bench, channel: aio_pika.abc.AbstractChannel, days: Sequence[date]
) -> list[Figure]:
    """A month of everybody at once: until the ledger has it, and until every score counts it."""
    known = await asyncio.to_thread(bench.books.count, "kpi", "facts")
    facts = len(bench.callers) * len(days)
    bench.system.progress.say(f"{facts} facts")
    began = time.monotonic()
    events = (_event(one, on, "late", 1) for on in days for one in bench.callers)
    await _publish(channel, events)
    await _until(lambda: bench.books.count("kpi", "facts") >= known + facts, every_s=1.0)
    kept_s = time.monotonic() - began
    await _until(lambda: not list(bench.books.unscored()), every_s=0.5)
    scored_s = time.monotonic() - began
    return [
        Figure("facts", facts, ""),
        Figure("into the ledger", round(facts / kept_s, 1), "/s"),
        Figure("into the scores", round(facts / scored_s, 1), "/s", ">=", 300),
    ]


async def _lag(
    bench: Bench, channel: aio_pika.abc.AbstractChannel, on: date, short: float
) -> list[Figure]:
    """A steady stream: from the fact to the event that the person's score is another one."""
    people = bench.callers[: round(_STEADY_PER_S * _STEADY_S * short)]
    sent: dict[str, float] = {}
    waits: dict[str, float] = {}
    queue = await channel.declare_queue(exclusive=True)
    await queue.bind(topology.EVENTS, "kpi.scorecard.changed.v1")

    async def hear(message: AbstractIncomingMessage) -> None:
        subject = json.loads(message.body)["subject"]
        if subject in sent:
            waits.setdefault(subject, time.monotonic() - sent[subject])
        await message.ack()

    await queue.consume(hear)
    began = time.monotonic()
    for number, one in enumerate(people):
        if (early := began + number / _STEADY_PER_S - time.monotonic()) > 0:
            await asyncio.sleep(early)
        sent[f"{one.employee}:{on:%Y-%m}"] = time.monotonic()
        await _publish(channel, iter([_event(one, on, "present", 2)]))
    await _until(lambda: len(waits) >= len(people), every_s=0.2)
    cuts = statistics.quantiles(waits.values(), n=100, method="inclusive")
    return [
        Figure(f"lag at {_STEADY_PER_S}/s, p50", round(cuts[49], 2), "s"),
        Figure(f"lag at {_STEADY_PER_S}/s, p99", round(cuts[98], 2), "s", "<=", 5.0),
    ]


async def _rejudging(bench: Bench, on: date, month: str) -> list[Figure]:
    """Another rule is approved: until every card of the month is computed under it."""
    bench.system.progress.say("another rule for the month")
    path = "/v1/indicators/punctuality/versions"
    body = {**_TOLERANT, "effective_from": f"{month}-01"}
    entered = await _post(bench, ADMIN, path, body)
    version = {"code": "punctuality", "number": entered["number"]}
    began = time.monotonic()
    decision = {"versions": [version], "decision": "approve"}
    await _post(bench, _SECOND_PERSON, "/v1/indicators/decide", decision)
    tolerated = {
        "_id": f"{bench.callers[-1].employee}:{on:%Y-%m}",
        "values.punctuality": "100.0000",
    }
    cards = bench.books.collection("kpi", "employee_cards")
    await _until(lambda: cards.count_documents(tolerated) > 0, every_s=0.2)
    await _until(lambda: not bench.books.count("kpi", "cards_to_judge_anew"), every_s=0.2)
    seconds = time.monotonic() - began
    return [
        Figure("cards judged anew", len(bench.callers), ""),
        Figure("a month under another rule", round(seconds, 1), "s"),
    ]


async def _post(bench: Bench, actor: Actor, path: str, body: object) -> dict[str, int]:
    headers = {"Authorization": f"Bearer {bench.mint.token_for(actor)}"}
    async with (
        aiohttp.ClientSession(bench.addresses.gateway, headers=headers) as session,
        session.post(path, json=body) as answer,
    ):
        told: dict[str, int] = await answer.json()
        if answer.status not in {200, 201}:
            raise SystemExit(f"POST {path}: {answer.status} {told}"[:500])
        return told


def _wrong(bench: Bench, month: str, days: int) -> Iterator[str]:
    """Every person's card holds every day of the month, and nothing waits."""
    cards = bench.books.collection("kpi", "employee_cards").find({"period": month}, {"entries": 1})
    complete = sum(1 for card in cards if len(card["entries"]) == days)
    if complete != len(bench.callers):
        yield f"{complete} of {len(bench.callers)} scorecards hold all {days} days"
    yield from bench.books.unscored()


async def _publish(
    channel: aio_pika.abc.AbstractChannel, events: Iterator[Event[DayChanged]]
) -> None:
    exchange = channel.default_exchange
    portion = []
    for event in events:
        message = aio_pika.Message(
            event.model_dump_json(by_alias=True).encode(),
            type=event.type,
            message_id=event.id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        portion.append(exchange.publish(message, _QUEUE))
        if len(portion) == _AT_ONCE:
            await asyncio.gather(*portion)
            portion = []
    await asyncio.gather(*portion)


def _event(one: Caller, on: date, status: DayStatus, sequence: int) -> Event[DayChanged]:
    arrived = datetime(on.year, on.month, on.day, 0, 40, tzinfo=UTC)
    data = DayChanged(
        employee=EmployeeId(one.employee),
        agency=AgencyCode(one.agency),
        date=on,
        status=status,
        working_day=True,
        pattern="surakarta-ordinary",
        policy_version="surakarta-ordinary/2026-01-01",
        first_in=arrived,
        late_minutes=10 if status == "late" else 0,
    )
    id_ = new_id()
    return Event(
        id=id_,
        source="attendance.days",
        type=DayChanged.type,
        subject=f"{one.employee}:{on}",
        time=datetime.now(UTC),
        sequence=sequence,
        correlationid=id_,
        causationid=id_,
        agency=data.agency,
        data=data,
    )


def _days_of_last_month() -> list[date]:
    """The working days of the month before this one."""
    last = backlog.today().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    days = (first + timedelta(days=number) for number in range(last.day))
    return [day for day in days if day.weekday() < 5]


async def _until(true: Callable[[], bool], *, every_s: float) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not await asyncio.to_thread(true):
        if time.monotonic() > deadline:
            raise SystemExit("the ledger does not settle")
        await asyncio.sleep(every_s)
