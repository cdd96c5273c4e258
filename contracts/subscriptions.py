"""What the subscriptions service takes and gives: the feed of events, and standing subscriptions.

Public readers see the *public view* of an event: the reduced model its type names in the catalogue,
without actor, correlation or cause, because those may lead to a person.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from contracts.envelope import Code, CommandBody, QueryBody, Value
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging

EARLIEST = "earliest"
LATEST = "latest"
MAX_WAIT_S = 30

TypePattern = Annotated[
    str, StringConstraints(pattern=r"^(\*|[a-z_]+(\.[a-z0-9_]+)*(\.\*)?)$", max_length=120)
]
"""An event type (``tasks.help_request.requested.v1``), a family (``tasks.*``) or ``*``."""

Position = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]+$", max_length=60)]
"""A cursor as it was given, ``earliest`` (the oldest event kept) or ``latest`` (only new ones)."""

SubscriptionId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
SubscriptionName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9\-]{1,39}$", max_length=40)
]
"""Lower-case letters, digits and hyphens; also the name of the queue, ``agency.<name>``."""

DeliveryKind = Literal["feed", "amqp", "webhook"]
State = Literal["preparing", "active", "paused", "ending", "ended"]
PausedBy = Literal["owner", "rights", "failures"]
"""Who let a delivery rest: its owner, the loss of a right, or failures for days on end."""


class CloudEvent(BaseModel):
    """An event as the caller's audience sees it: CloudEvents 1.0 JSON.

    ``sequence`` counts the events of one subject without gaps. ``correlationid``, ``causationid``
    and ``actor`` are there for the city's own readers only.
    """

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: int
    agency: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    actor: str | None = None
    data: dict[str, Any]


class EventPage(BaseModel):
    """Events in the order of the log; the same ``next_cursor`` again when nothing is new."""

    model_config = ConfigDict(frozen=True)

    items: tuple[CloudEvent, ...]
    next_cursor: str


class FollowedEvent(BaseModel):
    """An event with the cursor that resumes right behind it."""

    model_config = ConfigDict(frozen=True)

    cursor: str
    event: CloudEvent


class FollowedPage(BaseModel):
    """Events for a stream, each with its own cursor."""

    model_config = ConfigDict(frozen=True)

    items: tuple[FollowedEvent, ...]
    next_cursor: str


class _Selection(QueryBody):
    """Which events are wanted, and from where on."""

    after: Position | None = None
    types: tuple[TypePattern, ...] = Field(default=(), max_length=50)
    agency: tuple[Code, ...] = Field(default=(), max_length=200)
    exact: bool = False
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


class ReadEvents(_Selection, name="subscriptions.read_events"):
    """Give the events behind a cursor, as the caller's audience sees them.

    With ``subscription`` the filters are those of that subscription, ``after`` is what was read
    safely (kept there), and without ``after`` the reading goes on from what is kept.
    """

    subscription: SubscriptionId | None = None


class FollowEvents(_Selection, name="subscriptions.follow_events"):
    """Give the events behind a cursor, each with the cursor that resumes there."""


class Nothing(Value):
    """A choice that needs no further word."""


class WebhookTarget(Value):
    """Where events are posted to, signed by Standard Webhooks."""

    url: Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://\S+$")]


class Delivery(Value):
    """How events reach the subscriber: exactly one of the three."""

    feed: Nothing | None = None
    amqp: Nothing | None = None
    webhook: WebhookTarget | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        chosen = [kind for kind in (self.feed, self.amqp, self.webhook) if kind is not None]
        if len(chosen) != 1:
            raise ValueError("must name exactly one of feed, amqp, webhook")
        return self

    @model_serializer(mode="wrap")
    def _only_the_chosen(self, rest: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {kind: told for kind, told in rest(self).items() if told is not None}

    @property
    def kind(self) -> DeliveryKind:
        """The way that was chosen."""
        if self.amqp is not None:
            return "amqp"
        return "feed" if self.feed is not None else "webhook"


class SubscribeRequest(Value):
    """A standing subscription under a name; ``after`` is where it begins.

    It begins with everything that is kept, unless a cursor or ``latest`` is given.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "bandung", "types": ["tasks.*"], "delivery": {"amqp": {}}},
                {
                    "name": "jabar-scores",
                    "types": ["kpi.agency_scorecard.changed.v1"],
                    "agencies": ["BKPSDM"],
                    "delivery": {"feed": {}},
                },
            ]
        }
    )

    name: SubscriptionName
    types: tuple[TypePattern, ...] = Field(min_length=1, max_length=50)
    agencies: tuple[Code, ...] = Field(default=(), max_length=200)
    delivery: Delivery
    after: Position | None = None


class Subscribe(QueryBody, name="subscriptions.subscribe"):
    """Begin a standing subscription; credentials are in the answer, this once.

    A request, not a command: what gives a secret is neither stored nor repeated.
    """

    called: SubscriptionName
    types: tuple[TypePattern, ...] = Field(min_length=1, max_length=50)
    agencies: tuple[Code, ...] = Field(default=(), max_length=200)
    delivery: Delivery
    after: Position | None = None


class RotateSecret(QueryBody, name="subscriptions.rotate_secret"):
    """Give new credentials and end the old ones."""

    subscription: SubscriptionId


class GetSubscription(QueryBody, name="subscriptions.get_subscription"):
    """Show a subscription with its lag."""

    subscription: SubscriptionId


class ListSubscriptions(QueryBody, name="subscriptions.list_subscriptions"):
    """List the subscriptions the caller may see."""

    paging: Paging = Paging()


class PauseSubscription(
    CommandBody, name="subscriptions.pause_subscription", feature="subscriptions.subscribers"
):
    """Hold the delivery; nothing is lost, it goes on where it stopped."""

    subscription: SubscriptionId


class ResumeSubscription(
    CommandBody, name="subscriptions.resume_subscription", feature="subscriptions.subscribers"
):
    """Let the delivery go on."""

    subscription: SubscriptionId


class ReplayRequest(Value):
    """Where to begin again: a cursor, or ``earliest``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"after": EARLIEST}]})

    after: Position


class ReplaySubscription(
    CommandBody, name="subscriptions.replay_subscription", feature="subscriptions.subscribers"
):
    """Deliver again what came after a point; the ids are the same as the first time."""

    subscription: SubscriptionId
    after: Position


class EndSubscription(
    CommandBody, name="subscriptions.end_subscription", feature="subscriptions.subscribers"
):
    """End a subscription; its queue and its user are removed."""

    subscription: SubscriptionId


class Held(Value):
    """Why a delivery stands still, since when, and when it is tried again by itself."""

    reason: str
    since: AwareDatetime
    retry_at: AwareDatetime


class SubscriptionView(Value):
    """A subscription, how far it has come and what the caller may do with it."""

    id: str
    name: str
    owner: str
    types: tuple[str, ...]
    agencies: tuple[str, ...]
    delivery: Delivery
    queue: str | None = None
    state: State
    paused_by: PausedBy | None = None
    cursor: str
    lag: int = Field(ge=0, description="Positions of the log behind its end, filtered ones too.")
    delivered: int = Field(ge=0)
    held: Held | None = None
    created_at: AwareDatetime
    actions: tuple[str, ...] = ()
    version: int


class AmqpCredentials(Value):
    """How to reach the queue; the password is shown here and nowhere again."""

    host: str
    port: int
    virtual_host: str
    queue: str
    username: str
    password: str


class Subscribed(SubscriptionView):
    """A subscription that has just begun, or whose secret has just changed."""

    credentials: AmqpCredentials | None = None
    secret: str | None = Field(
        None, repr=False, description="What a webhook is signed with (`whsec_…`)."
    )
