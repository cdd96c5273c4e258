"""What a policy's terms mean: from the words of the contract to the rules that judge days."""

from datetime import date, datetime, time
from typing import get_args

from contracts.policies import (
    BandsTerms,
    BandTerms,
    HoursTerms,
    PolicyTerms,
    Weekday,
    WeekTerms,
)
from rules.patterns import Band, Bands, Break, Core, Hours, PatternVersion, Variant, Week

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def week_of(terms: WeekTerms) -> Week:
    """The week of these hours."""
    hours = (getattr(terms, weekday) for weekday in WEEKDAYS)
    return Week(tuple(hours_of(each) if each else None for each in hours))


def hours_of(terms: HoursTerms) -> Hours:
    """The hours of a day; ``ValueError`` where the breaks do not fit in."""
    breaks = tuple(Break(_clock(rest.start), _clock(rest.end)) for rest in terms.breaks)
    return Hours(_clock(terms.start), _clock(terms.end), breaks)


def pattern_of(
    terms: PolicyTerms,
    *,
    version: str,
    effective_from: date,
    recorded_at: datetime,
    decree: str | None,
) -> PatternVersion:
    """The working pattern that rules by these terms."""
    return PatternVersion(
        id=version,
        pattern=terms.pattern,
        effective_from=effective_from,
        recorded_at=recorded_at,
        decree=decree,
        week=week_of(terms.week),
        variants=tuple(Variant(each.span, week_of(each.week)) for each in terms.variants),
        bands=_bands(terms.bands),
        flexible_minutes=terms.flexible_minutes,
        core=Core(_clock(terms.core.start), _clock(terms.core.end)) if terms.core else None,
        seconds_rule=terms.seconds_rule,
        make_up_minutes=terms.make_up_minutes,
        minutes_per_absent_day=terms.minutes_per_absent_day,
        closes_after_minutes=terms.closes_after_minutes,
        reminds_after_minutes=terms.reminds_after_minutes,
        offline_days_a_month=terms.offline_days_a_month,
        objection_days=terms.objection_days,
    )


def _bands(terms: BandsTerms) -> Bands:
    return Bands(
        name=terms.name,
        late=tuple(map(_band, terms.late)),
        early=tuple(map(_band, terms.early)),
        no_scan_late=terms.no_scan_late,
        no_scan_early=terms.no_scan_early,
        absent_percent=terms.absent_percent,
    )


def _band(terms: BandTerms) -> Band:
    return Band(terms.code, terms.from_minutes, terms.below, terms.percent)


def _clock(text: str) -> time:
    return time.fromisoformat(text)
