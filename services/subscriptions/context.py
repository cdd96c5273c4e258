"""What the handlers of this service work with."""

from dataclasses import dataclass, field
from datetime import timedelta

from kit.leases import Leases
from services.subscriptions.deliveries.attempts import Attempts
from services.subscriptions.deliveries.errands import Errands
from services.subscriptions.deliveries.outlet import Outlet
from services.subscriptions.deliveries.post import Poster
from services.subscriptions.deliveries.store import Progresses
from services.subscriptions.log.store import Log
from services.subscriptions.own_copies.store import Agencies
from services.subscriptions.subscribers.broker import PublicBroker
from services.subscriptions.subscribers.secrets import Secrets
from services.subscriptions.subscribers.store import Subscribers


@dataclass(frozen=True, slots=True)
class Address:
    """Where outsiders reach the broker."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The stores, and the ports to the broker that outsiders reach.

    ``broker`` is None where no management address is configured: then no queue can be given.
    """

    log: Log
    agencies: Agencies
    subscribers: Subscribers
    progresses: Progresses
    outlet: Outlet
    broker: PublicBroker | None
    address: Address
    secrets: Secrets
    attempts: Attempts
    poster: Poster
    leases: Leases
    webhooks_paused_after: timedelta
    errands: Errands = field(default_factory=Errands)
