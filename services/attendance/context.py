"""What the handlers of attendance work with."""

from dataclasses import dataclass

from kit.storage.refusals import Refusals
from services.attendance.agency_days.store import AgencyDayStore
from services.attendance.days.positions import Positions
from services.attendance.days.store import DayStore
from services.attendance.devices.store import DeviceStore
from services.attendance.nonces.store import Nonces
from services.attendance.own_copies.store import OwnCopies
from services.attendance.patterns.store import Patterns
from services.attendance.presence.store import PresenceBoard


@dataclass(frozen=True, slots=True)
class Attendance:
    """The stores of attendance, put together in ``app.py``."""

    days: DayStore
    positions: Positions
    copies: OwnCopies
    patterns: Patterns
    nonces: Nonces
    presence: PresenceBoard
    agency_days: AgencyDayStore
    devices: DeviceStore
    refusals: Refusals
