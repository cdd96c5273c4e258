"""Notifications and preferences as their owner sees them."""

from contracts.notifications import ChoiceView, LinkView, NotificationView, PreferencesView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.tasks.notifications.kinds import KINDS
from services.tasks.notifications.model import Notification, Preferences
from services.tasks.notifications.visibility import Surroundings
from services.tasks.notifications.wording import in_language, say


def shown(notification: Notification, around: Surroundings, language: str) -> NotificationView:
    """One notification in words."""
    agency = notification.facts.get("asking") or notification.facts.get("agency")
    here = zone(around.city.zone_of(agency or notification.heads))
    read_at = notification.read_at
    return NotificationView(
        id=notification.id,
        kind=notification.kind,
        at=notification.at.astimezone(here),
        text=say(
            notification,
            language,
            title=around.title(notification),
            city=around.city,
            people=around.people,
        ),
        link=LinkView(resource=notification.resource, id=notification.subject),
        agency=agency,
        read=read_at is not None,
        read_at=read_at.astimezone(here) if read_at else None,
    )


def preferences_view(stored: Stored[Preferences] | None, language: str) -> PreferencesView:
    """Every kind with its choice; version 0 where nothing was chosen yet."""
    choices = stored.state if stored else None
    items = []
    for kind in KINDS.values():
        own = choices.choice(kind.code) if choices else None
        choice = own or kind.default
        items.append(
            ChoiceView(
                kind=kind.code,
                inbox=choice.inbox,
                email=choice.email,
                name=in_language(kind.name, language),
                default=own is None,
            )
        )
    return PreferencesView(items=tuple(items), version=stored.version if stored else 0)
