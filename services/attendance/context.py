"""What the handlers of attendance work with."""

from dataclasses import dataclass

from kit.jobs.store import Jobs
from kit.leases import Leases
from kit.storage.refusals import Refusals
from services.attendance.absence_imports.store import AbsenceImports
from services.attendance.absence_kinds.store import AbsenceKindStore
from services.attendance.absence_signals.store import AbsentDays
from services.attendance.absences.store import AbsenceStore
from services.attendance.access_log.store import AccessLog
from services.attendance.agency_days.store import AgencyDayStore
from services.attendance.bookings.store import BookingStore
from services.attendance.calendars.store import CalendarStore
from services.attendance.corrections.store import CorrectionStore
from services.attendance.days.positions import Positions
from services.attendance.days.store import DayStore
from services.attendance.days.watches import Watches
from services.attendance.device_lines.store import Imports, Lines, Operations
from services.attendance.device_orders.store import OrderStore
from services.attendance.devices.contacts import Contacts
from services.attendance.devices.store import DeviceStore
from services.attendance.elsewhere_policies.store import ElsewherePolicyStore
from services.attendance.general_acts.store import GeneralActStore
from services.attendance.held_check_ins.store import HeldCheckIns
from services.attendance.kiosks.store import KioskStore
from services.attendance.nonces.store import Nonces
from services.attendance.objections.store import ObjectionStore
from services.attendance.offline_days.store import OfflineDayStore
from services.attendance.own_copies.store import OwnCopies
from services.attendance.own_data.store import PersonalData
from services.attendance.patterns.store import Patterns
from services.attendance.periods.settled import SettlementStore
from services.attendance.periods.store import PeriodStore
from services.attendance.policies.store import PolicyStore
from services.attendance.presence.boards import Boards
from services.attendance.recaps.members import MemberLists
from services.attendance.recaps.store import RecapDays
from services.attendance.reference_days.store import ReferenceDays
from services.attendance.rejudging.store import Rejudgings
from services.attendance.reviews.store import ReviewStore
from services.attendance.rosters.store import RosterStore
from services.attendance.work_elsewhere.store import ElsewhereStore


@dataclass(frozen=True, slots=True)
class Attendance:
    """The stores of attendance, put together in ``app.py``."""

    days: DayStore
    periods: PeriodStore
    settlements: SettlementStore
    positions: Positions
    copies: OwnCopies
    policies: PolicyStore
    calendars: CalendarStore
    rosters: RosterStore
    patterns: Patterns
    rejudgings: Rejudgings
    nonces: Nonces
    offline_days: OfflineDayStore
    kiosks: KioskStore
    held_check_ins: HeldCheckIns
    reviews: ReviewStore
    agency_days: AgencyDayStore
    devices: DeviceStore
    contacts: Contacts
    lines: Lines
    operations: Operations
    imports: Imports
    orders: OrderStore
    refusals: Refusals
    jobs: Jobs
    recap_days: RecapDays
    member_lists: MemberLists
    access_log: AccessLog
    reference_days: ReferenceDays
    boards: Boards
    personal_data: PersonalData
    absent_days: AbsentDays
    leases: Leases
    watches: Watches
    bookings: BookingStore
    absence_kinds: AbsenceKindStore
    absences: AbsenceStore
    absence_imports: AbsenceImports
    corrections: CorrectionStore
    objections: ObjectionStore
    elsewhere_policies: ElsewherePolicyStore
    work_elsewhere: ElsewhereStore
    general_acts: GeneralActStore
