"""The directory service, composed: settings → stores → handlers."""

from kit.messaging.service import Service
from kit.storage.store import Store
from services.directory.accounts import handlers as accounts
from services.directory.agencies import handlers as agencies
from services.directory.context import Directory
from services.directory.delegations import handlers as delegations
from services.directory.employees import handlers as employees
from services.directory.imports import handlers as imports
from services.directory.offices import handlers as offices
from services.directory.sessions import handlers as sessions
from services.directory.settings import Settings
from services.directory.tickets import handlers as tickets


def build(settings: Settings, store: Store) -> Service:  # noqa: ARG001  # the kit passes both
    """The whole service: read it to see what it consists of."""
    directory = Directory.over(store)
    service = Service("directory", store)
    for feature in (
        agencies.handlers,
        offices.handlers,
        employees.handlers,
        accounts.handlers,
        sessions.handlers,
        delegations.handlers,
        imports.handlers,
        tickets.handlers,
    ):
        service.include(feature, directory)
    return service
