"""Calling subscribers' webhooks: signed, in order, one call at a time per subscriber.

Every replica takes part; a lease per subscription keeps them out of each other's way, and a call
that takes long holds up its own subscriber only.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from contracts.webhooks import TEST_EVENT
from kit.clock import now
from kit.ids import new_id
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.attempts import Attempt, attempt_of
from services.subscriptions.deliveries.delivering import deliver_to
from services.subscriptions.deliveries.model import is_hopeless, webhook_rest
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.deliveries.post import Outcome
from services.subscriptions.deliveries.signing import signature
from services.subscriptions.log.model import Placed
from services.subscriptions.subscribers import model
from services.subscriptions.subscribers.model import Subscription

log = get_logger(__name__)
handlers: Handlers[Subscriptions] = Handlers()

EVERY_S = 0.5
TERM = timedelta(seconds=60)
"""How long a replica keeps a subscriber; renewed in time to outlast a step and a call."""
_PAGE = 20
"""Events between two notes of the progress: as many may come again after a crash."""


@handlers.every(EVERY_S, "subscriptions.webhooks", alone=False)
async def call_webhooks(subscriptions: Subscriptions) -> None:
    """Begin to call every webhook for which there is something new."""
    found = await subscriptions.subscribers.with_webhook()
    progresses = await subscriptions.progresses.current_many([(s.id, s.state) for s in found])
    tail = await subscriptions.log.tail() if found else 0
    for stored in found:
        progress = progresses[stored.id]
        if progress.position < tail and not progress.rests_at(now()):
            subscriptions.errands.begin(stored.id, partial(_serve, stored.id, subscriptions))


async def _serve(id_: str, subscriptions: Subscriptions) -> None:
    if not await subscriptions.leases.take(f"webhook:{id_}", term=TERM):
        return
    stored = await subscriptions.subscribers.get(id_)
    if stored is None or stored.state.state != "active":
        return
    progress = await subscriptions.progresses.current(id_, stored.state)  # now that it is ours
    if progress.rests_at(now()):
        return
    carrier = WebhookCarrier(stored, progress.held.times if progress.held else 0, subscriptions)
    stopped = await deliver_to(
        stored, progress, carrier, subscriptions, page=_PAGE, rest=webhook_rest
    )
    if stopped is None:
        return
    refusal, standstill = stopped
    patience = subscriptions.webhooks_paused_after
    if refusal.final or is_hopeless(standstill, now(), patience):
        cause = Cause.timer("subscriptions", id_, "given up", stored.version)
        await subscriptions.subscribers.change(id_, model.give_up, cause)
        log.warning("webhook.paused", subscription=id_, reason=standstill.reason)


@dataclass(slots=True)
class WebhookCarrier:
    """The way to a webhook; every attempt is written down."""

    stored: Stored[Subscription]
    attempts_before: int
    subscriptions: Subscriptions

    async def put(self, placed: Placed, cursor: str) -> None:
        """Call it with one event; :class:`Refused` unless it answered 2xx."""
        number, self.attempts_before = self.attempts_before + 1, 0
        outcome, _, _ = await call(self.stored, placed, self.subscriptions, cursor, number=number)
        if not outcome.delivered:
            raise Refused(outcome.reason or "", at_least=outcome.rest, final=outcome.gone)


async def call(
    stored: Stored[Subscription],
    placed: Placed,
    subscriptions: Subscriptions,
    cursor: str | None,
    *,
    number: int = 1,
    test: bool = False,
) -> tuple[Outcome, str, Attempt]:
    """Call a webhook with one event and write the attempt down, under the id that is given."""
    at, body = now(), placed.text.encode()
    moment = int(at.timestamp())
    secrets = await subscriptions.secrets.good_at(stored.id, at)
    headers = {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "sambatan",
        "webhook-id": placed.id,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secrets, placed.id, moment, body),
        **({"x-cursor": cursor} if cursor else {}),
    }
    outcome = await subscriptions.poster.post(stored.state.url or "", headers, body)
    attempt = attempt_of(stored.id, placed, at, outcome, number=number, test=test)
    return outcome, await subscriptions.attempts.add(attempt), attempt


def a_test_event(subscription: str) -> Placed:
    """An event that says nothing but that it arrived; it stands in no log."""
    id_ = new_id()
    text = (
        f'{{"specversion":"1.0","id":"{id_}","source":"subscriptions","type":"{TEST_EVENT}",'
        f'"subject":"{subscription}","time":"{now().isoformat()}",'
        '"datacontenttype":"application/json","sequence":1,"data":{}}'
    )
    return Placed(0, id_, TEST_EVENT, None, text)
