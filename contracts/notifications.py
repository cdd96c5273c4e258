"""Notifications: what happened that concerns a person, read or unread, and how they want to hear.

An event says that somebody is told, of what kind and about what; the words are made when the
notification is read, for whoever reads it, and stand in no event.
"""

from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from contracts.envelope import CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.requests import Instant

KindCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$")]
"""What sort of thing a person is told of; ``GET /v1/me/notification-preferences`` lists them."""

NotificationId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f\-]{36}$")]
MOST_AT_ONCE = 200
MOST_KINDS = 100

_PERSON = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_ID = "019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c07"


class LinkView(Value):
    """What a notification is about: the sort of resource, and its id."""

    resource: str
    id: str


class NotificationView(Value):
    """One thing a person is told: what, when, about what, and when they read it."""

    id: str
    kind: str
    at: AwareDatetime
    text: str
    link: LinkView
    agency: str | None = None
    read: bool
    read_at: AwareDatetime | None = None


class InboxPage(Value):
    """A page of an inbox, newest first; ``unread`` counts all of it, up to 1,000."""

    items: tuple[NotificationView, ...]
    next_cursor: str | None = None
    unread: int = Field(ge=0)


class ListNotifications(QueryBody, name="tasks.list_notifications"):
    """What the caller was told, newest first."""

    unread: bool | None = None
    kind: tuple[KindCode, ...] = Field(default=(), max_length=MOST_KINDS)
    paging: Paging = Paging()


class ReadRequest(Value):
    """What was read: these, or everything up to a moment."""

    ids: Annotated[tuple[NotificationId, ...], Field(max_length=MOST_AT_ONCE)] = ()
    until: Instant | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ids": [_ID]}, {"until": "2026-12-01T07:30:00+07:00"}]}
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.ids) == (self.until is not None):
            raise ValueError("must name either ids or until")
        return self


class MarkNotificationsRead(
    CommandBody, ReadRequest, name="tasks.mark_notifications_read", feature="tasks.notifications"
):
    """The caller has read some of their notifications, or all up to a moment."""


class InboxRead(Value):
    """The inbox after something in it was read."""

    read_at: AwareDatetime
    version: int


class Choice(Value):
    """Whether a person wants to be told of a kind of thing, and by which channels."""

    kind: KindCode
    inbox: bool = True
    email: bool = True


class PreferencesRequest(Value):
    """The choices that differ from the default; a kind that is not named follows it."""

    items: Annotated[tuple[Choice, ...], Field(max_length=MOST_KINDS)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"kind": "help_open_call", "inbox": True, "email": False}]}]
        }
    )

    @model_validator(mode="after")
    def _each_kind_once(self) -> Self:
        kinds = [choice.kind for choice in self.items]
        if len(kinds) != len(set(kinds)):
            raise ValueError("must name each kind once")
        return self


class ChoiceView(Choice):
    """A kind with its name in the caller's language, the choice, and whether it is the default."""

    name: str
    default: bool


class PreferencesView(Value):
    """Every kind there is and how the caller wants to hear of it."""

    items: tuple[ChoiceView, ...]
    version: int


class GetNotificationPreferences(QueryBody, name="tasks.get_notification_preferences"):
    """How the caller wants to be told of what."""


class PutNotificationPreferences(
    CommandBody,
    PreferencesRequest,
    name="tasks.put_notification_preferences",
    feature="tasks.notifications",
):
    """Say how the caller wants to be told; ``if_match`` 0 says that nothing was chosen yet."""

    if_match: int = Field(ge=0)


class NotificationRaised(EventData, type="tasks.notification.raised.v1", since="1.2"):
    """A person is told of something: of which kind and about what; no words."""

    notification: str
    employee: EmployeeId
    kind: str
    resource: str
    resource_id: str

    @classmethod
    def example(cls) -> Self:
        """A head is told that the agency is asked for help."""
        return cls(
            notification=_ID,
            employee=_PERSON,
            kind="help_asked",
            resource="help_request",
            resource_id="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a11",
        )


class InboxMarkedRead(EventData, type="tasks.inbox.marked_read.v1", since="1.2"):
    """A person read notifications; other devices of theirs may take that in."""

    employee: EmployeeId

    @classmethod
    def example(cls) -> Self:
        """Somebody read their inbox."""
        return cls(employee=_PERSON)


class NotificationPreferencesChanged(
    EventData, type="tasks.notification_preferences.changed.v1", since="1.2"
):
    """A person chose how to be told of what."""

    employee: EmployeeId

    @classmethod
    def example(cls) -> Self:
        """Somebody wants fewer e-mails."""
        return cls(employee=_PERSON)
