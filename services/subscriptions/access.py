"""Who may read which events, and who may see and change a subscription. Denied unless allowed here.

An account of another government (role *subscriber*) sees the public audience and its own
subscriptions. Those who run and check the city's system see every event; of them, administrators
and operators look after all subscriptions.
"""

from contracts.catalogue import EVENTS
from contracts.envelope import Actor, Audience, Grant, RoleName
from contracts.outcome import Refusal

_INTERNAL: tuple[RoleName, ...] = ("admin", "auditor", "operator")
_STEWARDS: tuple[RoleName, ...] = ("admin", "operator")


def audience_of(actor: Actor) -> Audience:
    """The audience whose view of events the actor may read; refuses who belongs to none."""
    if actor.has(*_INTERNAL):
        return "internal"
    if actor.has("subscriber"):
        return "public"
    raise Refusal("forbidden")


def types_for(audience: Audience) -> frozenset[str]:
    """The event types an audience may know of."""
    return frozenset(
        name for name, data in EVENTS.items() if audience == "internal" or data.public is not None
    )


def may_have_subscriptions(actor: Actor) -> None:
    """Refuse an actor who has no business with subscriptions at all."""
    if not actor.has("subscriber", *_STEWARDS):
        raise Refusal("forbidden")


def may_receive(grants: tuple[Grant, ...]) -> bool:
    """Whether an account with these grants may go on receiving what it subscribed to."""
    return any(grant.role in ("subscriber", *_STEWARDS) for grant in grants)


def sees_all_subscriptions(actor: Actor) -> bool:
    """Whether the actor looks after everybody's subscriptions."""
    return actor.has(*_STEWARDS)


def may_manage(actor: Actor, owner: str | None) -> None:
    """Refuse unless the subscription exists and is the actor's own, or all are in its care."""
    may_have_subscriptions(actor)
    if owner is None:
        raise Refusal("not_found")
    if not sees_all_subscriptions(actor) and owner != actor.account:
        raise Refusal("not_found")
