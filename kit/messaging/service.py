"""A service: which queue's messages go to which handler, and what is answered, kept or retried.

A command: known refusal or receipt → its verdict again; else decide, write, reply, acknowledge. A
refusal is a verdict, kept and answered. An unreadable message is dead at once; anything else that
fails goes through the retry tiers; while the database is away the messages in hand are held, so
nothing more is consumed and no tier is used up.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from time import perf_counter
from typing import Any, TypeVar, cast

from aio_pika import IncomingMessage
from pydantic import BaseModel, ValidationError

from contracts import catalogue
from contracts.envelope import (
    Answer,
    Command,
    CommandBody,
    Event,
    EventData,
    Query,
    QueryBody,
    Verdict,
)
from contracts.outcome import Problem, Refusal
from kit.errors import Permanent, StorageAway, Transient
from kit.logging import get_logger
from kit.messaging.consumers import Consumers, Reading, Subscription
from kit.messaging.dead_letters import letter_of
from kit.messaging.handlers import CommandHandler, Handlers, Periodic
from kit.messaging.link import Link, NotSent, Unknown
from kit.messaging.receipts import receipt_answers
from kit.messaging.retry import attempt_of, try_later
from kit.messaging.topology import dead_queue, query_queue
from kit.storage.freshness import EVERY_S
from kit.storage.store import Store
from kit.tasks import together
from kit.telemetry import CONSUMERS_READY, HANDLED, HANDLING, OUTBOX_WAITING, SWEPT

C = TypeVar("C")
T = TypeVar("T")
log = get_logger(__name__)

ROLES = frozenset({"commands", "queries", "events", "background"})
_COMMANDS_AT_ONCE = 64
_QUERIES_AT_ONCE = 64
_LETTERS_AT_ONCE = 20
_RETRYABLE_TIERS = 2
_SWEEP_S = 2.0


class Service:
    """The process of a service: its handlers on their queues, its relay, its background jobs."""

    def __init__(self, name: str, store: Store) -> None:
        self.name = name
        self.store = store
        self._commands: dict[str, tuple[CommandHandler, Any]] = {}
        self._queries: dict[str, tuple[Any, Any]] = {}
        self._events: dict[str, tuple[Any, Any]] = {}
        self._jobs: list[tuple[Periodic, Any]] = []
        self.consumers: Consumers | None = None
        self.link: Link | None = None
        self.include(receipt_answers(name), store)

    def include(self, handlers: Handlers[C], context: C) -> None:
        """Add a feature: its handlers and what they work with."""
        for name, command in handlers.commands.items():
            self._commands[name] = (command, context)
        for name, query in handlers.queries.items():
            self._queries[name] = (query, context)
        for queue, event in handlers.events.items():
            self._events[queue] = (event, context)
        self._jobs += [(job, context) for job in handlers.jobs]

    @property
    def ready(self) -> bool:
        """Whether everything that was asked for stands."""
        return bool(self.consumers and self.consumers.ready and self.link and self.link.up)

    async def run(self, url: str, roles: frozenset[str] = ROLES) -> None:
        """Work until cancelled."""
        self.link = Link(url, f"{self.name}.link")
        self.store.relay.link = self.link
        await self.link.start()
        await self.store.wait_available()
        await self.link.wait_up()
        await self._refresh()
        self.consumers = Consumers(
            url, self.name, self._subscriptions(roles), self._readings(roles)
        )
        try:
            await together(
                self.consumers.run(),
                self.store.relay.run(),
                self._observe(),
                self._keep_fresh(),
                *(self._repeat(job, context) for job, context in self._background(roles)),
            )
        finally:
            await self.link.stop()

    def _subscriptions(self, roles: frozenset[str]) -> list[Subscription]:
        wanted: list[Subscription] = []
        if "commands" in roles:
            features = {CommandBody.registry[name].feature for name in self._commands}
            wanted += [
                Subscription(feature, _COMMANDS_AT_ONCE, self._on(feature, self._command), True)
                for feature in sorted(features)
            ]
        if "queries" in roles:
            queue = query_queue(self.name)
            wanted.append(Subscription(queue, _QUERIES_AT_ONCE, self._query, classic=True))
        if "background" in roles:
            own = [r.queue for r in catalogue.READERS if r.service == self.name]
            own += [f for f in catalogue.features() if catalogue.owner(f) == self.name]
            wanted += [
                Subscription(dead_queue(queue), _LETTERS_AT_ONCE, self._bury(queue))
                for queue in own
            ]
        return wanted

    def _readings(self, roles: frozenset[str]) -> list[Reading]:
        if "events" not in roles:
            return []
        return [Reading(queue, self._reader_of(queue)) for queue in self._events]

    def _background(self, roles: frozenset[str]) -> list[tuple[Periodic, Any]]:
        if "background" not in roles:
            return []
        sweep = Periodic(_SWEEP_S, f"{self.name}.sweep", self._sweep)
        return [(sweep, None), *self._jobs]

    def _on(
        self, queue: str, handle: Callable[[IncomingMessage, str], Awaitable[str]]
    ) -> Callable[[IncomingMessage], Awaitable[None]]:
        """The failure policy around a handler of durable messages."""

        async def take(message: IncomingMessage) -> None:
            began = perf_counter()
            try:
                outcome = await self._held(lambda: handle(message, queue))
            except Permanent as error:
                await self._dead(message, queue, error)
                return
            except Exception as error:  # noqa: BLE001  # the edge: nothing may be lost
                outcome = await self._later(message, queue, error)
            HANDLED.labels(queue, outcome).inc()
            HANDLING.labels(queue).observe(perf_counter() - began)

        return take

    async def _held(self, work: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await work()
            except StorageAway as error:
                log.warning("storage.away", reason=str(error))
                await self.store.wait_available()

    async def _later(self, message: IncomingMessage, queue: str, error: Exception) -> str:
        level = log.warning if isinstance(error, Transient) else log.error
        level("message.retry", queue=queue, type=message.type, exc_info=error)
        assert self.link is not None  # set before any consumer starts
        try:
            return "retry" if await try_later(message, queue, self.link) else "dead"
        except (NotSent, Unknown):
            await asyncio.sleep(1)
            await message.nack(requeue=True)
            return "requeued"

    async def _command(self, message: IncomingMessage, _: str) -> str:
        command = parse_command(message.type, message.body)
        handler, context = self._commands.get(command.name) or _unknown(command.name)
        verdict = await self._judge(command, handler, context, attempt_of(message))
        if verdict is None:
            raise Transient("refused, perhaps because an own copy lags")
        await self._reply(message, verdict)
        await message.ack()
        return "accepted" if verdict.accepted else "refused"

    async def _judge(
        self, command: Command[Any], handler: CommandHandler, context: Any, attempt: int
    ) -> Verdict | None:
        """The verdict; None while a refusal may still turn out otherwise."""
        refused = await self.store.refusals.get(command.id)
        if refused is not None:
            if refused.body_hash == command.body_hash:
                return refused.verdict
            return _refused(command, Problem(code="idempotency_key_reused"))
        try:
            return await handler(command, context)
        except Refusal as refusal:
            if refusal.retryable and attempt < _RETRYABLE_TIERS:
                return None
            return await self._refuse(command, refusal)

    async def _refuse(self, command: Command[Any], refusal: Refusal) -> Verdict:
        verdict = _refused(command, refusal.problem)
        log.info("command.refused", name=command.name, code=refusal.problem.code)
        if refusal.problem.code == "idempotency_key_reused":
            return verdict
        done = await self.store.receipt(command.id)
        if done is not None:
            return done
        await self.store.refusals.add(command, verdict)
        return verdict

    async def _query(self, message: IncomingMessage) -> None:
        try:
            answer = await self._answer(parse_query(message.type, message.body))
        except Refusal as refusal:
            answer = Answer(status=refusal.problem.status, problem=refusal.problem)
        except (StorageAway, Transient):
            answer = Answer(status=503, problem=Problem(code="service_unavailable"))
        except Exception as error:  # the edge: the caller must hear something
            log.error("query.failed", name=message.type, exc_info=error)
            answer = Answer(status=500, problem=Problem(code="internal_error"))
        await self._reply(message, answer)
        await message.ack()

    async def _answer(self, query: Query[Any]) -> Answer:
        if query.name not in self._queries:
            return Answer(status=404, problem=Problem(code="not_found"))
        handler, context = self._queries[query.name]
        found = await handler(query, context)
        if isinstance(found, Answer):
            return found
        return Answer.model_construct(result=found.model_dump_json(by_alias=True))

    def _reader_of(self, queue: str) -> Callable[[Sequence[IncomingMessage]], Awaitable[None]]:
        """The failure policy around a handler of events: what fails, fails alone."""
        handler, context = self._events[queue]

        async def read(messages: Sequence[IncomingMessage]) -> None:
            began = perf_counter()
            readable = [(one, event) for one in messages if (event := await understood(one))]
            if readable:
                await take(readable)
            HANDLING.labels(queue).observe(perf_counter() - began)

        async def understood(message: IncomingMessage) -> Event[Any] | None:
            try:
                return parse_event(message.type, message.body)
            except Permanent as error:
                await self._dead(message, queue, error)
                return None

        async def take(readable: Sequence[tuple[IncomingMessage, Event[Any]]]) -> None:
            last, _ = readable[-1]
            try:
                await self._held(lambda: handler([event for _, event in readable], context))
            except Exception as error:  # noqa: BLE001  # the edge: nothing may be lost
                if len(readable) > 1:
                    for one in readable:
                        await take([one])
                elif isinstance(error, Permanent):
                    await self._dead(last, queue, error)
                else:
                    HANDLED.labels(queue, await self._later(last, queue, error)).inc()
                return
            await last.ack(multiple=True)  # all before it are settled, or among these
            HANDLED.labels(queue, "read").inc(len(readable))

        return read

    async def _dead(self, message: IncomingMessage, queue: str, error: Permanent) -> None:
        log.error("message.dead", queue=queue, type=message.type, reason=str(error))
        await message.reject(requeue=False)
        HANDLED.labels(queue, "dead").inc()

    def _bury(self, queue: str) -> Callable[[IncomingMessage], Awaitable[None]]:
        async def bury(message: IncomingMessage) -> None:
            with contextlib.suppress(StorageAway):
                await self.store.bury(letter_of(message, queue))
                await message.ack()
                return
            await self.store.wait_available()
            await message.nack(requeue=True)

        return bury

    async def _reply(self, message: IncomingMessage, answer: BaseModel) -> None:
        if message.reply_to and self.link is not None:
            await self.link.reply(
                message.reply_to,
                answer.model_dump_json().encode(),
                {"correlation_id": message.correlation_id, "content_type": "application/json"},
            )

    async def _sweep(self, _: None) -> None:
        swept = await self.store.relay.sweep()
        if swept:
            SWEPT.inc(swept)

    async def _refresh(self) -> None:
        for refresh in self.store.kept_fresh:
            await self._held(refresh)

    async def _keep_fresh(self) -> None:
        task = asyncio.current_task()
        while not (task and task.cancelling()):  # a driver may have swallowed it
            await asyncio.sleep(EVERY_S)
            try:
                await self._refresh()
            except Exception as error:  # what is kept stays as it is until it is too old
                log.error("store.refresh_failed", exc_info=error)

    async def _observe(self) -> None:
        while True:
            OUTBOX_WAITING.set(self.store.relay.waiting)
            CONSUMERS_READY.set(1 if self.ready else 0)
            await asyncio.sleep(1)

    async def _repeat(self, job: Periodic, context: Any) -> None:
        rest = job.seconds
        task = asyncio.current_task()
        while not (task and task.cancelling()):  # a driver may have swallowed it
            await asyncio.sleep(rest)
            began = perf_counter()
            try:
                if not job.alone or await self.store.leases.take(job.name):
                    await job.job(context)
            except StorageAway:
                await self.store.wait_available()
            except Exception as error:  # a job that fails runs again
                log.error("job.failed", job=job.name, exc_info=error)
            rest = job.rest_after(perf_counter() - began)


def _refused(command: Command[Any], problem: Problem) -> Verdict:
    return Verdict(command=command.id, status=problem.status, problem=problem)


def _unknown(name: str) -> Any:
    raise Permanent(f"no handler for {name}")


@cache
def _command_type(name: str) -> type[Command[Any]]:
    if name not in CommandBody.registry:
        raise Permanent(f"unknown command {name!r}")
    made: Any = Command
    return cast("type[Command[Any]]", made[CommandBody.registry[name]])


@cache
def _query_type(name: str) -> type[Query[Any]]:
    if name not in QueryBody.registry:
        raise Refusal("not_found")
    made: Any = Query
    return cast("type[Query[Any]]", made[QueryBody.registry[name]])


@cache
def _event_type(name: str) -> type[Event[Any]]:
    if name not in EventData.registry:
        raise Permanent(f"unknown event {name!r}")
    made: Any = Event
    return cast("type[Event[Any]]", made[EventData.registry[name]])


def parse_command(name: str | None, body: bytes) -> Command[Any]:
    """The command of a message; :class:`Permanent` if it is none of ours."""
    try:
        return _command_type(name or "").model_validate_json(body)
    except ValidationError as error:
        raise Permanent(f"{name} cannot be read: {error.error_count()} errors") from error


def parse_query(name: str | None, body: bytes) -> Query[Any]:
    """The query of a message."""
    return _query_type(name or "").model_validate_json(body)


def parse_event(name: str | None, body: bytes) -> Event[Any]:
    """The event of a message; :class:`Permanent` if it is none of ours."""
    try:
        return _event_type(name or "").model_validate_json(body)
    except ValidationError as error:
        raise Permanent(f"{name} cannot be read: {error.error_count()} errors") from error
