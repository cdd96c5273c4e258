"""Days, punches and rules with readable defaults: BKPSDM on Tuesday, 24 November 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from contracts.envelope import AgencyCode, EmployeeId, OfficeCode
from rules.calendars import national_calendar
from rules.patterns import Shift
from rules.presets import SURAKARTA_ORDINARY
from rules.working_time import WIB, Schedule
from services.attendance.days.model import Day, Punch
from services.attendance.patterns.model import DayRules, rules_on

TUESDAY = date(2026, 11, 24)
_numbers = count(1)


def at(text: str, on: date = TUESDAY) -> datetime:
    """A moment on Surakarta's wall clock, in UTC as documents keep it."""
    local = datetime.fromisoformat(text if "T" in text else f"{on}T{text}")
    return local.replace(tzinfo=ZoneInfo(WIB)).astimezone(UTC)


def a_schedule(*roster: Shift, **changes: object) -> Schedule:
    """What the city works by, with a roster and with the pattern changed."""
    patterns = tuple(replace(version, **changes) for version in SURAKARTA_ORDINARY)
    return Schedule(patterns=patterns, calendars=(national_calendar(),), roster=roster)


def the_rules(on: date = TUESDAY, *roster: Shift, **changes: object) -> DayRules:
    """The rules of a day."""
    return rules_on(a_schedule(*roster, **changes), on, agency="BKPSDM")


def a_punch(
    direction: str,
    moment: str | datetime,
    office: str | None = "BALAIKOTA",
    *,
    number: str | None = None,
    method: str = "position",
) -> Punch:
    """A check-in that was received the moment it was made."""
    when = at(moment) if isinstance(moment, str) else moment
    return Punch(
        id=number or f"punch-{next(_numbers)}",
        direction=direction,
        office=None if office is None else OfficeCode(office),
        method=method,
        at=when,
        received_at=when,
    )


def a_blank_day(rules: DayRules | None = None) -> Day:
    """The day before anybody came."""
    return Day.blank(EmployeeId("siti"), AgencyCode("BKPSDM"), rules or the_rules())


def a_day(*punches: Punch, rules: DayRules | None = None) -> Day:
    """A day with these punches, recorded in this order."""
    rules = rules or the_rules()
    day = a_blank_day(rules)
    for punch in punches:
        day = day.check_in(punch, rules).state
    return day
