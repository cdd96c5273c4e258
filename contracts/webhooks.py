"""What a subscriber may ask about deliveries: the attempts that were made, and one for a test."""

from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import QueryBody, Value
from contracts.paging import Paging
from contracts.subscriptions import SubscriptionId

TEST_EVENT = "subscriptions.subscription.tested.v1"
"""The type of the event that a test sends; it stands in no log."""

AttemptOutcome = Literal["delivered", "refused"]


class AttemptView(Value):
    """One attempt to deliver one event: when, how long it took, what came of it and why.

    ``number`` counts the attempts in a row for the same event.
    """

    id: str
    at: AwareDatetime
    event_id: str
    event_type: str
    number: int = Field(ge=1)
    outcome: AttemptOutcome
    status: int | None = None
    reason: str | None = None
    ms: int = Field(ge=0)
    test: bool = False


class ListDeliveries(QueryBody, name="subscriptions.list_deliveries"):
    """The attempts of a subscription, newest first: all by webhook, of a queue those it refused."""

    subscription: SubscriptionId
    outcome: AttemptOutcome | None = None
    paging: Paging = Paging()


class TestSubscription(QueryBody, name="subscriptions.test_subscription"):
    """Send one test event now; a request, because its outcome is told and not repeated.

    If it arrives, a delivery that rests after a failure goes on at once.
    """

    subscription: SubscriptionId
