"""A notification, an inbox, a person's choices. Pure.

A notification is one per event (or per thing, where a kind is told once) and person. It keeps why
the person was told: about themselves, as head of an agency, or as somebody's supervisor. When it is
read, the reason is looked at again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from contracts.envelope import AgencyCode, EmployeeId
from contracts.notifications import (
    Choice,
    InboxMarkedRead,
    NotificationPreferencesChanged,
    NotificationRaised,
)
from contracts.outcome import Decision, Refusal

KEPT = timedelta(days=180)
"""How long a notification is kept, read or not."""

Mail = Literal["unwanted", "waiting", "settled"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, and in which capacity; without one it is about themselves."""

    employee: str
    heads: AgencyCode | None = None
    supervises: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that a person is told."""

    id: str
    person: str
    kind: str
    at: datetime
    resource: str
    subject: str
    expires_at: datetime
    facts: dict[str, str] = field(default_factory=dict)
    heads: AgencyCode | None = None
    supervises: str | None = None
    inbox: bool = True
    mail: Mail = "unwanted"
    mail_at: datetime | None = None
    read_at: datetime | None = None

    def raised(self) -> NotificationRaised:
        """The event that the person is told."""
        return NotificationRaised(
            notification=self.id,
            employee=EmployeeId(self.person),
            kind=self.kind,
            resource=self.resource,
            resource_id=self.subject,
        )


@dataclass(frozen=True, slots=True)
class Inbox:
    """When a person last said that they read something."""

    id: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose, by kind; what is not named follows the default."""

    id: str
    inbox: dict[str, bool] = field(default_factory=dict)
    email: dict[str, bool] = field(default_factory=dict)

    def choice(self, kind: str) -> Choice | None:
        """What the person chose about a kind."""
        if kind not in self.inbox:
            return None
        return Choice(kind=kind, inbox=self.inbox[kind], email=self.email[kind])


def as_wanted(notification: Notification, choice: Choice, mail_at: datetime | None) -> Notification:
    """The notification by the channels its person wants; ``mail_at`` None: no mail can be sent."""
    wanted = choice.email and mail_at is not None
    return replace(
        notification,
        inbox=choice.inbox,
        mail="waiting" if wanted else "unwanted",
        mail_at=mail_at if wanted else None,
    )


def raise_once(notification: Notification, known: Notification | None) -> Decision[Notification]:
    """Tell it; what was told already stays as it is, read or unread."""
    if known is not None:
        return Decision(known)
    return Decision(notification, (notification.raised(),) if notification.inbox else ())


def read(notification: Notification, at: datetime) -> Notification:
    """The notification once read; the first time counts. Nothing is left to be mailed."""
    if notification.read_at is not None:
        return notification
    mail: Mail = "settled" if notification.mail == "waiting" else notification.mail
    return replace(notification, read_at=at, mail=mail, mail_at=None)


def mailed(notification: Notification | None) -> Decision[Notification]:
    """It need not be mailed any more."""
    if notification is None:
        raise Refusal("not_found")
    if notification.mail != "waiting":
        return Decision(notification)
    return Decision(replace(notification, mail="settled", mail_at=None))


def mail_later(to: datetime, notification: Notification | None) -> Decision[Notification]:
    """It is mailed at another moment."""
    if notification is None:
        raise Refusal("not_found")
    if notification.mail != "waiting":
        return Decision(notification)
    return Decision(replace(notification, mail_at=to))


def marked_read(person: str, at: datetime, known: Inbox | None) -> Decision[Inbox]:
    """The inbox after its owner read something."""
    newest = max(at, known.read_at) if known else at
    return Decision(Inbox(person, newest), (InboxMarkedRead(employee=EmployeeId(person)),))


def chosen(person: str, choices: Mapping[str, Choice]) -> Decision[Preferences]:
    """These choices and no others."""
    preferences = Preferences(
        person,
        {kind: choice.inbox for kind, choice in choices.items()},
        {kind: choice.email for kind, choice in choices.items()},
    )
    return Decision(preferences, (NotificationPreferencesChanged(employee=EmployeeId(person)),))
