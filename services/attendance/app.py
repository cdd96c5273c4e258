"""The attendance service, put together: settings → stores → handlers. Read it to see it whole."""

from kit.messaging.service import Service
from kit.storage.store import Store
from services.attendance.agency_days import handlers as agency_days
from services.attendance.agency_days.store import AgencyDayStore
from services.attendance.context import Attendance
from services.attendance.days import handlers as days
from services.attendance.days import queries as day_queries
from services.attendance.days.positions import Positions
from services.attendance.days.store import DayStore
from services.attendance.devices import handlers as devices
from services.attendance.devices.store import DeviceStore
from services.attendance.nonces import handlers as nonces
from services.attendance.nonces.store import Nonces
from services.attendance.own_copies import handlers as own_copies
from services.attendance.own_copies.store import OwnCopies
from services.attendance.patterns.store import Patterns
from services.attendance.presence import handlers as presence
from services.attendance.presence.store import PresenceBoard
from services.attendance.settings import Settings

_FEATURES = (days, day_queries, presence, agency_days, devices, nonces, own_copies)


def build(settings: Settings, store: Store) -> Service:
    """Everything attendance consists of."""
    attendance = Attendance(
        days=DayStore(store),
        positions=Positions(store, kept_days=settings.positions_kept_days),
        copies=OwnCopies(store),
        patterns=Patterns(),
        nonces=Nonces(store),
        presence=PresenceBoard(store),
        agency_days=AgencyDayStore(store),
        devices=DeviceStore(store),
        refusals=store.refusals,
    )
    service = Service("attendance", store)
    for feature in _FEATURES:
        service.include(feature.handlers, attendance)
    return service
