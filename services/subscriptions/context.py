"""What the handlers of this service work with."""

from dataclasses import dataclass

from services.subscriptions.deliveries.outlet import Outlet
from services.subscriptions.deliveries.store import Progresses
from services.subscriptions.log.store import Log
from services.subscriptions.own_copies.store import Agencies
from services.subscriptions.subscribers.broker import PublicBroker
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
