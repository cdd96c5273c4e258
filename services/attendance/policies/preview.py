"""What a version would change in a month, before it is saved: the same days, judged both ways."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contracts.policies import DayPreview, EmployeePreview, JudgedView
from rules.patterns import Bands
from services.attendance.days.model import Day
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules
from services.attendance.policies.model import AgencyPolicy, PolicyVersion

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Month:
    """The first and the last day of a month."""

    first: date
    last: date

    @classmethod
    def of(cls, period: str) -> "Month":
        """The month ``YYYY-MM``."""
        year, month = int(period[:4]), int(period[5:])
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Compared:
    """A day as it stands and as it would be, with the rules of both."""

    before: Day
    rules_before: DayRules
    after: Day
    rules_after: DayRules


def as_if(policy: AgencyPolicy, version: PolicyVersion, month: Month) -> AgencyPolicy:
    """The policy with this version in it, as it would rule the month.

    A version that begins within the month or before it rules from its own day on. One that begins
    later is tried on the whole month, in the place of what its agency or group had then.
    """
    others = tuple(each for each in policy.versions if each.id != version.id)
    if version.effective_from > month.last:
        others = tuple(
            each
            for each in others
            if each.line != version.line or each.effective_from < month.first
        )
        version = replace(version, effective_from=month.first)
    return replace(policy, versions=(*others, version))


def compared(person: Person, days: Iterable[Compared], on: date) -> EmployeePreview | None:
    """What would change for one person; None if nothing."""
    listed = list(days)
    changed = tuple(
        DayPreview(date=one.before.date, before=_judged(one.before), after=_judged(one.after))
        for one in listed
        if _outcome(one.before) != _outcome(one.after)
    )
    if not changed:
        return None
    return EmployeePreview(
        employee=person.shown(on),
        days=len(listed),
        late_minutes=(
            sum(one.before.late_minutes for one in listed),
            sum(one.after.late_minutes for one in listed),
        ),
        early_minutes=(
            sum(one.before.early_minutes for one in listed),
            sum(one.after.early_minutes for one in listed),
        ),
        percent=(
            _text(sum((percent_of(one.before, one.rules_before.bands) for one in listed), _NONE)),
            _text(sum((percent_of(one.after, one.rules_after.bands) for one in listed), _NONE)),
        ),
        changed=changed,
    )


def percent_of(day: Day, bands: Bands) -> Decimal:
    """What a day takes from the monthly allowance, in percent: both bands, or the absence."""
    if day.status == "absent":
        return bands.absent_percent
    return _percents(bands).get(day.late_band, _NONE) + _percents(bands).get(day.early_band, _NONE)


def _percents(bands: Bands) -> Mapping[str | None, Decimal]:
    return {band.code: band.percent for band in (*bands.late, *bands.early)}


def _judged(day: Day) -> JudgedView:
    return JudgedView(
        status=day.status,
        late_minutes=day.late_minutes,
        late_band=day.late_band,
        early_minutes=day.early_minutes,
        early_band=day.early_band,
        policy_version=day.policy_version,
    )


def _outcome(day: Day) -> tuple[object, ...]:
    """What a person would notice; another version that says the same changes nothing."""
    return (day.status, day.late_minutes, day.late_band, day.early_minutes, day.early_band)


_NONE = Decimal(0)


def _text(percent: Decimal) -> str:
    return str(percent.quantize(_PLACES))
