"""A standing subscription: who, what, how, and the states it goes through. Pure.

``preparing`` → ``active`` ⇄ ``paused`` → ``ending`` → ``ended``. A queue is prepared before the
subscription is active and removed before it is ended; an ended name may be used again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.outcome import Decision, Refusal
from contracts.subscriptions import DeliveryKind, PausedBy, State

ACTIONS: dict[str, tuple[State, ...]] = {
    "pause": ("active",),
    "resume": ("paused",),
    "replay": ("active", "paused"),
    "rotate-secret": ("active", "paused"),
    "test": ("active", "paused"),
    "end": ("preparing", "active", "paused"),
}
"""What may be done from which state."""
_OF_PUSHED = frozenset({"rotate-secret", "test"})
"""What makes sense only where events are sent, by queue or webhook."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber gets.

    ``generation`` counts beginnings: it grows with each replay, and the delivery then starts
    behind ``start``. ``attempt`` is the request that is preparing it.
    """

    name: str
    owner: str
    types: tuple[str, ...]
    agencies: tuple[str, ...]
    delivery: DeliveryKind
    state: State
    start: int
    generation: int
    attempt: str
    created_at: datetime
    url: str | None = None
    paused_by: PausedBy | None = None

    @property
    def queue(self) -> str | None:
        """The queue in the virtual host for outsiders, if it has one."""
        return f"agency.{self.name}" if self.delivery == "amqp" else None

    @property
    def actions(self) -> tuple[str, ...]:
        """What may be done now."""
        return tuple(
            action
            for action, allowed in ACTIONS.items()
            if self.state in allowed and (action not in _OF_PUSHED or self.delivery != "feed")
        )


Decide = Callable[[Subscription | None], Decision[Subscription]]


def begin(wanted: Subscription) -> Decide:
    """Take the name: it is free, ended, or was being prepared for the same owner."""

    def decide(current: Subscription | None) -> Decision[Subscription]:
        if current is None:
            return Decision(wanted)
        own_attempt = current.state == "preparing" and current.owner == wanted.owner
        if current.state != "ended" and not own_attempt:
            raise Refusal("wrong_state", state=current.state, action="subscribe", allowed=["ended"])
        return Decision(replace(wanted, generation=current.generation + 1))

    return decide


def activate(attempt: str) -> Decide:
    """The queue stands: deliveries may begin, unless another request took over meanwhile."""

    def decide(current: Subscription | None) -> Decision[Subscription]:
        if current is None or current.state != "preparing" or current.attempt != attempt:
            state = current.state if current else "ended"
            raise Refusal("wrong_state", state=state, action="subscribe", allowed=["preparing"])
        return Decision(replace(current, state="active"))

    return decide


def pause(current: Subscription | None) -> Decision[Subscription]:
    """Hold the delivery."""
    return Decision(replace(_in_state(current, "pause"), state="paused", paused_by="owner"))


def give_up(current: Subscription | None) -> Decision[Subscription]:
    """Hold the delivery to a webhook that has failed for days, or asked to be left alone."""
    if current is None or current.state != "active":
        raise Refusal("wrong_state", state=current.state if current else "ended", action="pause")
    return Decision(replace(current, state="paused", paused_by="failures"))


def rest(current: Subscription | None) -> Decision[Subscription]:
    """Hold the delivery of an owner who may no longer receive; what already rests stays so."""
    if current is None:
        raise Refusal("not_found")
    if current.state != "active":
        return Decision(current)
    return Decision(replace(current, state="paused", paused_by="rights"))


def resume(current: Subscription | None) -> Decision[Subscription]:
    """Let the delivery go on."""
    return Decision(replace(_in_state(current, "resume"), state="active", paused_by=None))


def replay(start: int) -> Decide:
    """Deliver again what came after a position."""

    def decide(current: Subscription | None) -> Decision[Subscription]:
        known = _in_state(current, "replay")
        return Decision(replace(known, start=start, generation=known.generation + 1))

    return decide


def end(current: Subscription | None) -> Decision[Subscription]:
    """End it; a queue is removed first."""
    known = _in_state(current, "end")
    return Decision(replace(known, state="ended" if known.queue is None else "ending"))


def removed(current: Subscription | None) -> Decision[Subscription]:
    """The queue of an ending subscription is gone."""
    if current is None or current.state != "ending":
        raise Refusal("wrong_state", state="ended", action="remove", allowed=["ending"])
    return Decision(replace(current, state="ended"))


def require_active(subscription: Subscription, delivery: DeliveryKind) -> None:
    """Refuse to deliver by a way that was not chosen, or in a state of rest."""
    if subscription.delivery != delivery:
        raise Refusal.invalid("/query/subscription", f"is delivered by {subscription.delivery}")
    if subscription.state != "active":
        raise Refusal("wrong_state", state=subscription.state, action="read", allowed=["active"])


def require(subscription: Subscription, action: str) -> None:
    """Refuse an action that this subscription's state or delivery does not allow."""
    _in_state(subscription, action)
    if action not in subscription.actions:
        raise Refusal.invalid("/delivery", f"a {subscription.delivery} is read, nothing is sent")


def _in_state(current: Subscription | None, action: str) -> Subscription:
    if current is None:
        raise Refusal("not_found")
    if current.state not in ACTIONS[action]:
        raise Refusal(
            "wrong_state", state=current.state, action=action, allowed=list(ACTIONS[action])
        )
    return current
