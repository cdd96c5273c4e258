"""What the rules of a day make of its punches and inputs: hours, minutes, bands, status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.attendance_terms import DayStatus
from rules.patterns import Band
from rules.working_time import Interval
from services.attendance.days.flexibility import shift_of
from services.attendance.days.inputs import (
    Excuse,
    Input,
    corrected,
    covered_time,
    covers,
    excuses,
    is_unexcused,
    merged,
)
from services.attendance.days.lateness import band_of, early_minutes, is_made_up, late_minutes
from services.attendance.days.punches import Punch, Reading, read
from services.attendance.patterns.model import DayRules

_ZERO = timedelta()
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings about a day; the same facts under the same rules always give the same ones.

    ``arrival_facts`` and ``departure_facts`` are the punch or correction that says the moment,
    ``late_excuses`` and ``early_excuses`` the inputs that took minutes off.
    """

    reading: Reading
    status: DayStatus
    working_day: bool
    expected_start: datetime | None
    expected_end: datetime | None
    first_in: datetime | None
    last_out: datetime | None
    worked_minutes: int | None
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    closed: bool
    made_up_minutes: int = 0
    flexible: bool = False
    arrival_facts: tuple[str, ...] = ()
    departure_facts: tuple[str, ...] = ()
    arrival_missing: bool = False
    departure_missing: bool = False
    late_excuses: tuple[str, ...] = ()
    early_excuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Moments:
    """The arrival and the departure that count: as recorded, or as corrected."""

    first_in: datetime | None
    last_out: datetime | None
    arrival_facts: tuple[str, ...]
    departure_facts: tuple[str, ...]

    @property
    def recorded(self) -> bool:
        return self.first_in is not None or self.last_out is not None


@dataclass(frozen=True, slots=True)
class _Expectation:
    """Which hours are expected of the person once everything excused is taken off."""

    start: datetime | None
    end: datetime | None
    arrivals: tuple[Interval, ...] = ()
    departures: tuple[Interval, ...] = ()
    flexible: bool = False
    status: DayStatus | None = None
    """What the day is called because everything is excused; None where punches decide."""


def judge(
    punches: Sequence[Punch], rules: DayRules, *, closed: bool, inputs: Sequence[Input] = ()
) -> Judgement:
    """Judge a day by its rules; what is still awaited counts against nobody until it is closed."""
    reading = read(punches, rules.start, rules.end)
    moments = _moments(reading, inputs)
    excused = excuses(inputs, rules)
    came = moments.recorded or reading.recorded
    expected = _expected(moments.first_in, rules, excused, came=came)
    late, early = _late(moments, expected, rules), _early(moments, expected, rules)
    made_up = _made_up(late, moments.last_out, expected.end, rules)
    late -= made_up
    asked = expected.start is not None and expected.status is None
    no_arrival = asked and moments.first_in is None and not _forgiven(excused, rules, arrival=True)
    no_departure = (
        asked and moments.last_out is None and not _forgiven(excused, rules, arrival=False)
    )
    missing = closed and came
    bands = rules.bands
    return Judgement(
        reading=reading,
        status=_status(
            expected,
            rules,
            came=came,
            no_arrival=no_arrival,
            no_departure=no_departure,
            late=late,
            early=early,
            closed=closed,
            unexcused=is_unexcused(inputs),
        ),
        working_day=rules.working_day and expected.status != "off",
        expected_start=expected.start if expected.status is None else None,
        expected_end=expected.end if expected.status is None else None,
        first_in=moments.first_in,
        last_out=moments.last_out,
        worked_minutes=_worked(moments, rules, excused, closed=closed),
        late_minutes=late,
        late_band=bands.no_scan_late if missing and no_arrival else _code(late, bands.late),
        early_minutes=early,
        early_band=bands.no_scan_early if missing and no_departure else _code(early, bands.early),
        closed=closed,
        made_up_minutes=made_up,
        flexible=expected.flexible,
        arrival_facts=moments.arrival_facts,
        departure_facts=moments.departure_facts,
        arrival_missing=no_arrival,
        departure_missing=no_departure,
        late_excuses=_before(excused, moments.first_in),
        early_excuses=_after(excused, moments.last_out),
    )


def _made_up(late: int, last_out: datetime | None, end: datetime | None, rules: DayRules) -> int:
    """The minutes late that the person has made up for by staying longer; all of them or none."""
    if last_out is None or end is None:
        return 0
    made_up = is_made_up(late, last_out=last_out, end=end, at_most=rules.make_up_minutes)
    return late if made_up else 0


def _moments(reading: Reading, inputs: Sequence[Input]) -> _Moments:
    said = corrected(inputs)
    first_in, last_out = said.first_in, said.last_out
    arrival, departure = _source(said.sources, "first_in"), _source(said.sources, "last_out")
    if first_in is None and reading.first_in is not None:
        first_in, arrival = reading.first_in.at, (reading.first_in.id,)
    if last_out is None and reading.last_out is not None:
        last_out, departure = reading.last_out.at, (reading.last_out.id,)
    if first_in is not None and last_out is not None and last_out <= first_in:
        last_out, departure = None, ()  # a departure before the arrival belongs to nothing
    return _Moments(first_in, last_out, arrival, departure)


def _source(sources: dict[str, str], which: str) -> tuple[str, ...]:
    return (sources[which],) if which in sources else ()


def _expected(
    first_in: datetime | None, rules: DayRules, excused: Sequence[Excuse], *, came: bool
) -> _Expectation:
    """The hours that are left: moved by what is excused, or with the arrival where flexible.

    What excuses lateness only takes minutes off an arrival; the hours stay where they are.
    """
    start, end = rules.start, rules.end
    if start is None or end is None:
        return _Expectation(None, None)
    status = _status_of_covered(excused, Interval(start, end), rules, came=came)
    arrivals = merged((each.interval for each in excused if each.arrival), rules.breaks)
    departures = merged((each.interval for each in excused if each.departure), rules.breaks)
    moving = (each.interval for each in excused if each.departure and each.moves)
    free = merged(moving, rules.breaks)
    later = next((each.end for each in free if each.start <= start < each.end), start)
    earlier = next((each.start for each in free if each.start < end <= each.end), end)
    shift = shift_of(first_in, rules) if first_in is not None and later == start else _ZERO
    begins, ends = later + shift, (earlier if earlier != end else end + shift)
    return _Expectation(begins, max(begins, ends), arrivals, departures, shift != _ZERO, status)


def _status_of_covered(
    excused: Sequence[Excuse], hours: Interval, rules: DayRules, *, came: bool
) -> DayStatus | None:
    """What a day is called of which nothing is left; what is not firm yields to who came."""
    whole = [each for each in excused if each.arrival and each.departure and each.status]
    firm = [each for each in whole if each.firm]
    for those in (firm,) if came else (firm, whole):
        if those and covers(merged((each.interval for each in those), rules.breaks), hours):
            return min(those, key=lambda each: (each.rank, each.source)).status
    return None


def _late(moments: _Moments, expected: _Expectation, rules: DayRules) -> int:
    first_in, start = moments.first_in, expected.start
    if first_in is None or start is None or expected.status is not None:
        return 0
    excused = covered_time(expected.arrivals, start, first_in) if first_in > start else _ZERO
    return late_minutes(first_in - excused, start, rules.seconds_rule)


def _early(moments: _Moments, expected: _Expectation, rules: DayRules) -> int:
    last_out, end = moments.last_out, expected.end
    if last_out is None or end is None or expected.status is not None:
        return 0
    excused = covered_time(expected.departures, last_out, end) if last_out < end else _ZERO
    return early_minutes(last_out + excused, end, rules.seconds_rule)


def _before(excused: Sequence[Excuse], first_in: datetime | None) -> tuple[str, ...]:
    """The inputs that took minutes off an arrival."""
    return tuple(
        sorted(
            each.source
            for each in excused
            if each.arrival and first_in is not None and each.interval.start < first_in
        )
    )


def _after(excused: Sequence[Excuse], last_out: datetime | None) -> tuple[str, ...]:
    """The inputs that took minutes off a departure."""
    return tuple(
        sorted(
            each.source
            for each in excused
            if each.departure and last_out is not None and last_out < each.interval.end
        )
    )


def _forgiven(excused: Sequence[Excuse], rules: DayRules, *, arrival: bool) -> bool:
    """Whether a scan at the beginning (or end) of the hours need not be there."""
    start, end = rules.start, rules.end
    for each in excused:
        if not each.forgives:
            continue
        if arrival and each.arrival and each.interval.start == start:
            return True
        if not arrival and each.departure and each.interval.end == end:
            return True
    return False


def _status(
    expected: _Expectation,
    rules: DayRules,
    *,
    came: bool,
    no_arrival: bool,
    no_departure: bool,
    late: int,
    early: int,
    closed: bool,
    unexcused: bool,
) -> DayStatus:
    if not rules.working_day:
        return "off" if rules.holiday is None else "holiday"
    if expected.status is not None:
        return expected.status
    if not came:
        return "absent" if closed or unexcused else "open"
    if no_arrival or (no_departure and closed):
        return "incomplete"
    if late and early:
        return "late_and_left_early"
    if late:
        return "late"
    return "left_early" if early else "present"


def _worked(
    moments: _Moments, rules: DayRules, excused: Sequence[Excuse], *, closed: bool
) -> int | None:
    """Minutes from arrival to departure, cut to their minute, and those that count as work.

    Breaks and hours away by permission are taken off. What only counts as work is credited when
    the day is closed, so that nothing is credited for a day that is still to come.
    """
    spans = [each.interval for each in excused if each.work] if closed else []
    if moments.first_in is not None and moments.last_out is not None:
        spans.append(Interval(_cut(moments.first_in), _cut(moments.last_out)))
    if not spans:
        return None
    off = merged((*rules.breaks, *(each.interval for each in excused if each.away)))
    worked = merged(spans)
    total = sum((each.end - each.start for each in worked), _ZERO)
    rested = sum((covered_time(off, each.start, each.end) for each in worked), _ZERO)
    return (total - rested) // _MINUTE


def _code(minutes: int, bands: Sequence[Band]) -> str | None:
    band = band_of(minutes, bands)
    return band.code if band else None


def _cut(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
