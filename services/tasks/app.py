"""The task service, composed: settings → stores → handlers."""

from kit.files import Files
from kit.messaging.service import Service
from kit.storage.store import Store
from services.tasks.context import Tasks
from services.tasks.help_requests import handlers as help_requests
from services.tasks.help_requests import queries, timers
from services.tasks.help_requests.store import HelpRequests
from services.tasks.imports import handlers as imports
from services.tasks.notifications import handlers as notifications
from services.tasks.notifications.store import Choices, Inboxes, Notifications
from services.tasks.own_copies import handlers as own_copies
from services.tasks.own_copies.store import Directory
from services.tasks.settings import Settings
from services.tasks.uploads import handlers as uploads
from services.tasks.uploads.store import Uploads


def build(settings: Settings, store: Store) -> Service:
    """The whole service: read it to see what it consists of."""
    tasks = Tasks(
        requests=HelpRequests(store),
        directory=Directory(store),
        notifications=Notifications(store),
        inboxes=Inboxes(store),
        choices=Choices(store),
        uploads=Uploads(store, Files(settings)),
    )
    service = Service("tasks", store)
    for feature in (
        help_requests.handlers,
        queries.handlers,
        timers.handlers,
        imports.handlers,
        own_copies.handlers,
        notifications.handlers,
        uploads.handlers,
    ):
        service.include(feature, tasks)
    return service
