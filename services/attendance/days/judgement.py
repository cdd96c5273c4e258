"""What the rules of a day make of its punches: expected hours, minutes, bands, status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.attendance_terms import DayStatus
from rules.patterns import Band
from services.attendance.days.lateness import band_of, early_minutes, late_minutes
from services.attendance.days.punches import Punch, Reading, read
from services.attendance.patterns.model import DayRules

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings about a day; the same punches under the same rules always give the same ones."""

    reading: Reading
    status: DayStatus
    expected_start: datetime | None
    expected_end: datetime | None
    worked_minutes: int | None
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    closed: bool

    @property
    def first_in(self) -> datetime | None:
        """The arrival that counts."""
        return self.reading.first_in.at if self.reading.first_in else None

    @property
    def last_out(self) -> datetime | None:
        """The departure that counts."""
        return self.reading.last_out.at if self.reading.last_out else None


def judge(punches: Sequence[Punch], rules: DayRules, *, closed: bool) -> Judgement:
    """Judge a day by its rules; what is still awaited counts against nobody until it is closed."""
    reading = read(punches, rules.start, rules.end)
    first_in = reading.first_in.at if reading.first_in else None
    last_out = reading.last_out.at if reading.last_out else None
    start, end = _expected(first_in, rules)
    late = late_minutes(first_in, start, rules.seconds_rule) if first_in and start else 0
    early = early_minutes(last_out, end, rules.seconds_rule) if last_out and end else 0
    missing = closed and rules.working_day and bool(punches)
    bands = rules.bands
    return Judgement(
        reading=reading,
        status=_status(
            reading, rules, recorded=bool(punches), late=late, early=early, closed=closed
        ),
        expected_start=start,
        expected_end=end,
        worked_minutes=_worked(first_in, last_out, rules),
        late_minutes=late,
        late_band=bands.no_scan_late if missing and not first_in else _code(late, bands.late),
        early_minutes=early,
        early_band=bands.no_scan_early if missing and not last_out else _code(early, bands.early),
        closed=closed,
    )


def _expected(
    first_in: datetime | None, rules: DayRules
) -> tuple[datetime | None, datetime | None]:
    """The hours expected of the person: flexible ones begin with the arrival, within limits."""
    start, end = rules.start, rules.end
    if start is None or end is None or first_in is None or not rules.flexible_minutes:
        return start, end
    limit = timedelta(minutes=rules.flexible_minutes)
    shift = max(-limit, min(limit, _cut(first_in) - start))
    return start + shift, end + shift


def _status(
    reading: Reading, rules: DayRules, *, recorded: bool, late: int, early: int, closed: bool
) -> DayStatus:
    if not rules.working_day:
        return "off" if rules.holiday is None else "holiday"
    if not recorded:
        return "absent" if closed else "open"
    if reading.first_in is None or (reading.last_out is None and closed):
        return "incomplete"
    if late and early:
        return "late_and_left_early"
    if late:
        return "late"
    return "left_early" if early else "present"


def _worked(first_in: datetime | None, last_out: datetime | None, rules: DayRules) -> int | None:
    """Minutes from arrival to departure, both cut to their minute, without the breaks between."""
    if first_in is None or last_out is None:
        return None
    start, end = _cut(first_in), _cut(last_out)
    rests = (max(_ZERO, min(end, rest.end) - max(start, rest.start)) for rest in rules.breaks)
    return (end - start - sum(rests, _ZERO)) // timedelta(minutes=1)


def _code(minutes: int, bands: Sequence[Band]) -> str | None:
    band = band_of(minutes, bands)
    return band.code if band else None


def _cut(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
