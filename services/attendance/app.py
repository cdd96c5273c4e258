"""The attendance service, put together: settings → stores → handlers. Read it to see it whole."""

from collections.abc import Sequence
from functools import partial

from contracts.attendance import DayChanged
from contracts.calendars import CalendarChanged
from contracts.check_ins import CheckInDecided, CheckInHeld
from contracts.devices import DeviceClockCorrected, DevicePinMapped
from contracts.periods import DaySettled
from contracts.policies import PolicyChanged
from contracts.rosters import RosterChanged
from kit.jobs.store import Jobs
from kit.messaging.relay import Outgoing
from kit.messaging.service import Service
from kit.storage.store import Store
from services.attendance.absence_imports import handlers as absence_imports
from services.attendance.absence_imports.store import AbsenceImports
from services.attendance.absence_kinds import handlers as absence_kinds
from services.attendance.absence_kinds.store import AbsenceKindStore
from services.attendance.absence_signals import handlers as absence_signals
from services.attendance.absence_signals.store import AbsentDays
from services.attendance.absences import handlers as absences
from services.attendance.absences.store import AbsenceStore
from services.attendance.access_log import handlers as access_log
from services.attendance.access_log.store import AccessLog
from services.attendance.agency_days import handlers as agency_days
from services.attendance.agency_days.store import AgencyDayStore
from services.attendance.approvals import handlers as approvals
from services.attendance.bookings.store import BookingStore
from services.attendance.calendars import handlers as calendars
from services.attendance.calendars.store import CalendarStore
from services.attendance.context import Attendance
from services.attendance.corrections import handlers as corrections
from services.attendance.corrections.store import CorrectionStore
from services.attendance.days import absent, reminding
from services.attendance.days import handlers as days
from services.attendance.days import queries as day_queries
from services.attendance.days.positions import Positions
from services.attendance.days.store import DayStore
from services.attendance.days.watches import Watches
from services.attendance.device_lines import following
from services.attendance.device_lines import handlers as device_lines
from services.attendance.device_lines import queries as device_line_queries
from services.attendance.device_lines.store import Imports, Lines, Operations
from services.attendance.device_orders import handlers as device_orders
from services.attendance.device_orders.store import OrderStore
from services.attendance.devices import handlers as devices
from services.attendance.devices import queries as device_queries
from services.attendance.devices.contacts import Contacts
from services.attendance.devices.store import DeviceStore
from services.attendance.elsewhere_policies import handlers as elsewhere_policies
from services.attendance.elsewhere_policies.store import ElsewherePolicyStore
from services.attendance.general_acts import handlers as general_acts
from services.attendance.general_acts.store import GeneralActStore
from services.attendance.held_check_ins import handlers as held_check_ins
from services.attendance.held_check_ins.store import HeldCheckIns
from services.attendance.jobs import handlers as jobs
from services.attendance.kiosks import handlers as kiosks
from services.attendance.kiosks.store import KioskStore
from services.attendance.nonces import handlers as nonces
from services.attendance.nonces.store import Nonces
from services.attendance.objections import handlers as objections
from services.attendance.objections.store import ObjectionStore
from services.attendance.offline_days.store import OfflineDayStore
from services.attendance.own_copies import handlers as own_copies
from services.attendance.own_copies.store import OwnCopies
from services.attendance.own_data import handlers as own_data
from services.attendance.own_data.store import PersonalData
from services.attendance.patterns.store import Patterns
from services.attendance.periods import handlers as periods
from services.attendance.periods.settled import SettlementStore
from services.attendance.periods.store import PeriodStore
from services.attendance.policies import handlers as policies
from services.attendance.policies import previews
from services.attendance.policies.store import PolicyStore
from services.attendance.presence import handlers as presence
from services.attendance.presence.boards import Boards
from services.attendance.recaps import handlers as recaps
from services.attendance.recaps import keeping as recap_sheets
from services.attendance.recaps.members import MemberLists
from services.attendance.recaps.store import RecapDays
from services.attendance.recomputations import handlers as recomputations
from services.attendance.reference_days import handlers as reference_days
from services.attendance.reference_days.store import ReferenceDays
from services.attendance.rejudging import handlers as rejudging
from services.attendance.rejudging.store import Rejudgings
from services.attendance.reviews import handlers as reviews
from services.attendance.reviews import passes as review_passes
from services.attendance.reviews.store import ReviewStore
from services.attendance.rosters import handlers as rosters
from services.attendance.rosters import importing as roster_imports
from services.attendance.rosters.store import RosterStore
from services.attendance.settings import Settings
from services.attendance.statements import handlers as statements
from services.attendance.work_elsewhere import handlers as work_elsewhere
from services.attendance.work_elsewhere.store import ElsewhereStore

_FEATURES = (
    *(days, reminding, day_queries, presence, agency_days, nonces, own_copies),
    *(devices, device_queries, device_lines, device_line_queries, following, device_orders),
    *(jobs, recomputations, periods, recaps, recap_sheets),
    *(statements, reference_days, absence_signals),
    *(access_log, own_data),
    *(policies, calendars, rosters, roster_imports, previews, rejudging),
    *(held_check_ins, kiosks, reviews, review_passes),
    *(absence_kinds, elsewhere_policies),
    *(absent, absences, absence_imports, corrections, objections),
    *(general_acts, work_elsewhere, approvals),
)
_RULES = (PolicyChanged, CalendarChanged, RosterChanged)


def over(settings: Settings, store: Store) -> Attendance:
    """The stores of attendance, over one database."""
    copies = OwnCopies(store)
    policy_store, calendar_store = PolicyStore(store), CalendarStore(store)
    roster_store, period_store = RosterStore(store), PeriodStore(store)
    return Attendance(
        days=DayStore(store, period_store),
        periods=period_store,
        settlements=SettlementStore(store),
        positions=Positions(store, kept_days=settings.positions_kept_days),
        copies=copies,
        policies=policy_store,
        calendars=calendar_store,
        rosters=roster_store,
        patterns=Patterns(copies, policy_store, calendar_store, roster_store),
        rejudgings=Rejudgings(store, settle_s=settings.rules_settle_s),
        nonces=Nonces(store),
        offline_days=OfflineDayStore(store),
        kiosks=KioskStore(store),
        held_check_ins=HeldCheckIns(store),
        reviews=ReviewStore(store),
        agency_days=AgencyDayStore(store),
        devices=DeviceStore(store),
        contacts=Contacts(store),
        lines=Lines(store),
        operations=Operations(store),
        imports=Imports(store),
        orders=OrderStore(store),
        refusals=store.refusals,
        jobs=Jobs(store),
        recap_days=RecapDays(store),
        member_lists=MemberLists(copies),
        access_log=AccessLog(store),
        reference_days=ReferenceDays(store),
        boards=Boards(),
        personal_data=PersonalData(store),
        absent_days=AbsentDays(store),
        watches=Watches(store),
        bookings=BookingStore(store),
        absence_kinds=AbsenceKindStore(store),
        absences=AbsenceStore(store),
        absence_imports=AbsenceImports(store),
        corrections=CorrectionStore(store),
        objections=ObjectionStore(store),
        elsewhere_policies=ElsewherePolicyStore(store),
        general_acts=GeneralActStore(store),
        work_elsewhere=ElsewhereStore(store),
        leases=store.leases,
    )


def build(settings: Settings, store: Store) -> Service:
    """Everything attendance consists of."""
    attendance = over(settings, store)
    store.relay.follow(DayChanged.type, partial(_follow_days, attendance))
    store.relay.follow(DaySettled.type, partial(periods.follow_settled_days, attendance))
    store.relay.follow(DevicePinMapped.type, partial(following.mark_pins, attendance))
    store.relay.follow(DeviceClockCorrected.type, partial(following.mark_clocks, attendance))
    for kind in _RULES:
        store.relay.follow(kind.type, partial(rejudging.follow_rules, attendance, kind))
    for type_ in (CheckInHeld.type, CheckInDecided.type):
        store.relay.follow(type_, partial(held_check_ins.take_held, attendance))
    service = Service("attendance", store)
    for feature in _FEATURES:
        service.include(feature.handlers, attendance)
    return service


async def _follow_days(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """What follows from changed days: counts of agencies, and the sheets of past dates."""
    await agency_days.mark_changed_days(attendance, changes)
    await recap_sheets.mark_past_days(attendance, changes)
