"""Every message of the system: who owns it, who may see it, who reads it from which queue.

Importing this module fills the registries of :mod:`contracts.envelope`; queue and event names come
from here. An event belongs to the service its name begins with.
"""

from dataclasses import dataclass

from contracts import (
    attendance,
    directory,
    identity,
    kpi,
    people,
    places,
    receipts,
    subscriptions,
    tasks,
)
from contracts.envelope import CommandBody, EventData, QueryBody
from contracts.services import SERVICES

COMMANDS: dict[str, type[CommandBody]] = CommandBody.registry
QUERIES: dict[str, type[QueryBody]] = QueryBody.registry
EVENTS: dict[str, type[EventData]] = EventData.registry

DIRECTORY_STATE = (
    directory.AgencyChanged.type,
    directory.OfficeChanged.type,
    directory.EmployeeChanged.type,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A queue of events and what is bound to it; ``#`` is everything."""

    queue: str
    types: tuple[str, ...]

    @property
    def service(self) -> str:
        """The service that consumes the queue."""
        return self.queue.split(".", 1)[0]


READERS: tuple[Reader, ...] = (
    Reader("attendance.own_copies.on-directory", DIRECTORY_STATE),
    Reader("attendance.presence.on-days", (attendance.DayChanged.type,)),
    Reader("tasks.own_copies.on-directory", DIRECTORY_STATE),
    Reader("kpi.own_copies.on-directory", DIRECTORY_STATE),
    Reader("kpi.ledger.on-days", (attendance.DayChanged.type,)),
    Reader(
        "kpi.ledger.on-help",
        (
            tasks.HelpAccepted.type,
            tasks.HelpDeclined.type,
            tasks.HelpConfirmed.type,
        ),
    ),
    Reader("subscriptions.log.on-events", ("#",)),
    Reader(
        "subscriptions.own_copies.on-directory",
        (directory.AgencyChanged.type, directory.AccountChanged.type),
    ),
)


def owner(name: str) -> str:
    """The service that a command, query, event or queue belongs to."""
    service = name.split(".", 1)[0]
    if service not in SERVICES:
        raise LookupError(f"{name} names no service of ours")
    return service


def features() -> tuple[str, ...]:
    """The command queues, one per feature folder."""
    return tuple(sorted({body.feature for body in COMMANDS.values()}))


__all__ = [
    "COMMANDS",
    "DIRECTORY_STATE",
    "EVENTS",
    "QUERIES",
    "READERS",
    "SERVICES",
    "Reader",
    "features",
    "identity",
    "kpi",
    "owner",
    "people",
    "places",
    "receipts",
    "subscriptions",
]
