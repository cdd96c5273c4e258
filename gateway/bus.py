"""From calls to messages: envelopes around bodies, patience and deadlines, and their count."""

from datetime import datetime
from typing import Any, Protocol

from contracts.envelope import (
    Actor,
    Answer,
    Command,
    CommandBody,
    CommandId,
    Query,
    QueryBody,
    Verdict,
)
from gateway.metrics import Metrics
from gateway.settings import Settings
from kit.ids import new_id
from kit.messaging.client import Bus, Unavailable

_commands: dict[type[CommandBody], type[Command[Any]]] = {}
_queries: dict[type[QueryBody], type[Query[Any]]] = {}


class Courier(Protocol):
    """Who carries messages; :class:`kit.messaging.client.Bus` in earnest."""

    async def open(self) -> None:
        """Get ready."""

    async def close(self) -> None:
        """Stop."""

    async def ping(self) -> None:
        """Raise ``Unavailable`` unless messages come back."""

    async def command(self, command: Command[Any], patience_s: float) -> Verdict | None:
        """Store a command and wait for its verdict."""

    async def query(self, query: Query[Any], deadline_s: float) -> Answer:
        """Ask, and wait for the answer."""


class GatewayBus:
    """Commands and queries of this gateway."""

    def __init__(
        self, settings: Settings, metrics: Metrics, *, courier: Courier | None = None
    ) -> None:
        url = settings.rabbitmq_url.get_secret_value()
        self._bus = courier or Bus(url, name="gateway")
        self._patience_s = settings.patience_s
        self._deadline_s = settings.deadline_s
        count = metrics.outcomes.labels
        self._counted = {
            (kind, outcome): count(kind, outcome)
            for kind in ("command", "query")
            for outcome in ("answered", "pending", "unavailable")
        }

    async def open(self) -> None:
        """Begin to keep a connection."""
        await self._bus.open()

    async def close(self) -> None:
        """Let the connection go."""
        await self._bus.close()

    async def ping(self) -> None:
        """Raise ``Unavailable`` unless a message comes back through the bus."""
        await self._bus.ping()

    async def command(
        self,
        body: CommandBody,
        *,
        command_id: str,
        body_hash: str,
        actor: Actor,
        received_at: datetime,
        correlation_id: str,
        trace_parent: str | None,
        patience_s: float | None = None,
    ) -> Verdict | None:
        """The verdict; ``None`` when the command is stored and undecided yet."""
        envelope = _commands.get(type(body)) or _command_of(type(body))
        # every part is checked already: the body by its route, the actor by its token
        command = envelope.model_construct(
            id=CommandId(command_id),
            name=body.name,
            body=body,
            body_hash=body_hash,
            actor=actor,
            received_at=received_at,
            correlation_id=correlation_id,
            traceparent=trace_parent,
        )
        try:
            verdict = await self._bus.command(command, patience_s or self._patience_s)
        except Unavailable:
            self._counted["command", "unavailable"].inc()
            raise
        self._counted["command", "pending" if verdict is None else "answered"].inc()
        return verdict

    async def query(
        self,
        body: QueryBody,
        *,
        actor: Actor,
        received_at: datetime,
        correlation_id: str,
        after: str | None = None,
        language: str = "id",
        deadline_s: float | None = None,
    ) -> Answer:
        """The answer; raises ``Unavailable`` when there is none in time."""
        envelope = _queries.get(type(body)) or _query_of(type(body))
        query = envelope.model_construct(
            id=new_id(),
            name=body.name,
            body=body,
            actor=actor,
            received_at=received_at,
            correlation_id=correlation_id,
            after=after,
            language=language,
        )
        try:
            answer = await self._bus.query(query, deadline_s or self._deadline_s)
        except Unavailable:
            self._counted["query", "unavailable"].inc()
            raise
        self._counted["query", "answered"].inc()
        return answer


def _command_of(body: type[CommandBody]) -> type[Command[Any]]:
    envelope: type[Command[Any]] = Command[body]  # type: ignore[valid-type]  # made at run time
    return _commands.setdefault(body, envelope)


def _query_of(body: type[QueryBody]) -> type[Query[Any]]:
    envelope: type[Query[Any]] = Query[body]  # type: ignore[valid-type]  # made at run time
    return _queries.setdefault(body, envelope)
