"""The whole service at a glance: settings → stores and ports → handlers."""

from datetime import timedelta
from urllib.parse import unquote, urlsplit

from kit.messaging.service import Service
from kit.storage.store import Store
from services.subscriptions.context import Address, Subscriptions
from services.subscriptions.deliveries import handlers as deliveries
from services.subscriptions.deliveries import watching, webhooks
from services.subscriptions.deliveries.addresses import Allowed
from services.subscriptions.deliveries.attempts import Attempts
from services.subscriptions.deliveries.outlet import QueueOutlet
from services.subscriptions.deliveries.post import HttpPoster
from services.subscriptions.deliveries.store import Progresses
from services.subscriptions.log import handlers as log
from services.subscriptions.log.store import Log
from services.subscriptions.own_copies import handlers as own_copies
from services.subscriptions.own_copies.store import Agencies
from services.subscriptions.settings import Settings
from services.subscriptions.subscribers import handlers as subscribers
from services.subscriptions.subscribers.broker import ManagementApi, PublicBroker
from services.subscriptions.subscribers.secrets import Secrets
from services.subscriptions.subscribers.store import Subscribers

_AMQP_PORT = 5672


def build(settings: Settings, store: Store) -> Service:
    """Compose the service."""
    subscriptions = Subscriptions(
        log=Log(store),
        agencies=Agencies(store),
        subscribers=Subscribers(store),
        progresses=Progresses(store),
        outlet=QueueOutlet(settings.rabbitmq_url.get_secret_value()),
        broker=_broker(settings),
        address=_address(settings),
        secrets=Secrets(store),
        attempts=Attempts(store),
        poster=HttpPoster(
            Allowed.of(settings.webhook_networks, http=settings.webhook_http),
            settings.webhook_timeout_s,
        ),
        leases=store.leases,
        webhooks_paused_after=timedelta(days=settings.webhook_paused_after_days),
    )
    service = Service("subscriptions", store)
    for feature in (log, own_copies, subscribers, deliveries, webhooks, watching):
        service.include(feature.handlers, subscriptions)
    return service


def _broker(settings: Settings) -> PublicBroker | None:
    if settings.rabbitmq_management_url is None:
        return None
    own = urlsplit(settings.rabbitmq_url.get_secret_value()).username or "guest"
    return ManagementApi(settings.rabbitmq_management_url.get_secret_value(), own_user=unquote(own))


def _address(settings: Settings) -> Address:
    own = urlsplit(settings.rabbitmq_url.get_secret_value())
    return Address(
        settings.public_amqp_host or own.hostname or "localhost",
        settings.public_amqp_port or own.port or _AMQP_PORT,
    )
