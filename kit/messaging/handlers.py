"""How a feature states what it does with which message; the service wires it to queues."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from contracts.envelope import Answer, CommandBody, QueryBody, Verdict

C = TypeVar("C")
F = TypeVar("F", bound=Callable[..., Any])

CommandHandler = Callable[[Any, Any], Awaitable[Verdict]]
QueryHandler = Callable[[Any, Any], Awaitable[BaseModel | Answer]]
EventHandler = Callable[[Sequence[Any], Any], Awaitable[None]]
Job = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A background job: how often, under which lease, what, and the share of time it may take.

    One that does not run ``alone`` runs in every replica, and takes leases of its own for its work.

    A job with ``share`` 0.05 rests at least nineteen times as long as it worked, so that work which
    grows with the city never crowds out the check-ins.
    """

    seconds: float
    name: str
    job: Job
    share: float = 1.0
    alone: bool = True

    def rest_after(self, worked_s: float) -> float:
        """How long to wait after a run of these seconds."""
        return max(self.seconds, worked_s * (1 / self.share - 1))


class Handlers(Generic[C]):
    """The handlers of one feature; ``C`` is what they are given beside the message."""

    def __init__(self) -> None:
        self.commands: dict[str, CommandHandler] = {}
        self.queries: dict[str, QueryHandler] = {}
        self.events: dict[str, EventHandler] = {}
        self.jobs: list[Periodic] = []

    def handles(self, body: type[CommandBody]) -> Callable[[F], F]:
        """The decorated function carries out this command."""

        def register(handler: F) -> F:
            self.commands[body.name] = handler
            return handler

        return register

    def answers(self, body: type[QueryBody]) -> Callable[[F], F]:
        """The decorated function answers this query (or request)."""

        def register(handler: F) -> F:
            self.queries[body.name] = handler
            return handler

        return register

    def reads(self, queue: str) -> Callable[[F], F]:
        """The decorated function takes the events of this queue of the catalogue, many at once.

        If it fails it is called again with each event alone; so it must bear repetition.
        """

        def register(handler: F) -> F:
            self.events[queue] = handler
            return handler

        return register

    def every(
        self, seconds: float, name: str, *, share: float = 1.0, alone: bool = True
    ) -> Callable[[F], F]:
        """The decorated function runs again and again, in one replica at a time if ``alone``."""

        def register(handler: F) -> F:
            self.jobs.append(Periodic(seconds, name, handler, share, alone))
            return handler

        return register
