"""The terms of a policy: checked field by field, and rules worded as terms again."""

from collections.abc import Iterator
from itertools import pairwise

from contracts.outcome import FieldError, Refusal
from contracts.policies import (
    BandsChoice,
    BandsTerms,
    BandTerms,
    HoursTerms,
    PolicyRequest,
    PolicyTerms,
)
from rules.patterns import Band, Bands, Break, Core, Hours, PatternVersion, Week
from rules.policy_terms import WEEKDAYS, hours_of
from rules.presets import BANDS_A, BANDS_B

PRESETS = {bands.name: bands for bands in (BANDS_A, BANDS_B)}


def terms_of(request: PolicyRequest) -> PolicyTerms:
    """The terms of a request with the table of its bands; every field that cannot be is named."""
    if errors := tuple(_problems(request)):
        raise Refusal("validation_failed", errors=errors)
    kept = {name: getattr(request, name) for name in PolicyTerms.model_fields if name != "bands"}
    return PolicyTerms(**kept, bands=_table(request.bands))


def terms_shown(pattern: PatternVersion) -> PolicyTerms:
    """The terms of a pattern, as the contract words them: also of one that ships."""
    return PolicyTerms.model_validate(
        {
            "pattern": pattern.pattern,
            "week": _week_shown(pattern.week),
            "variants": [
                {"span": each.span, "week": _week_shown(each.week)} for each in pattern.variants
            ],
            "flexible_minutes": pattern.flexible_minutes,
            "core": _span(pattern.core) if pattern.core else None,
            "seconds_rule": pattern.seconds_rule,
            "make_up_minutes": pattern.make_up_minutes,
            "minutes_per_absent_day": pattern.minutes_per_absent_day,
            "closes_after_minutes": pattern.closes_after_minutes,
            "reminds_after_minutes": pattern.reminds_after_minutes,
            "offline_days_a_month": pattern.offline_days_a_month,
            "objection_days": pattern.objection_days,
            "bands": bands_shown(pattern.bands),
        }
    )


def bands_shown(bands: Bands) -> BandsTerms:
    """A table of bands as the contract words it."""
    return BandsTerms(
        name=bands.name,
        late=tuple(map(_band_shown, bands.late)),
        early=tuple(map(_band_shown, bands.early)),
        no_scan_late=bands.no_scan_late,
        no_scan_early=bands.no_scan_early,
        absent_percent=bands.absent_percent,
    )


def _problems(request: PolicyRequest) -> Iterator[FieldError]:
    weeks = {"/week": request.week}
    weeks |= {f"/variants/{place}/week": one.week for place, one in enumerate(request.variants)}
    for pointer, week in weeks.items():
        for weekday in WEEKDAYS:
            hours = getattr(week, weekday)
            if hours is not None and not _fits(hours):
                detail = "breaks lie inside the hours, in order, one after the other"
                yield FieldError(pointer=f"{pointer}/{weekday}/breaks", detail=detail)
    spans = [variant.span for variant in request.variants]
    for place, span in enumerate(spans):
        if span in spans[:place]:
            detail = f"{span} has hours already"
            yield FieldError(pointer=f"/variants/{place}/span", detail=detail)
    if request.core is not None and request.core.end <= request.core.start:
        yield FieldError(pointer="/core/end", detail="after the start of the core time")
    if request.bands.table is not None:
        yield from _problems_of_table(request.bands.table)


def _fits(hours: HoursTerms) -> bool:
    try:
        hours_of(hours)
    except ValueError:
        return False
    return True


def _problems_of_table(table: BandsTerms) -> Iterator[FieldError]:
    for family, bands, no_scan in (
        ("late", table.late, table.no_scan_late),
        ("early", table.early, table.no_scan_early),
    ):
        pointer = f"/bands/table/{family}"
        for place, band in enumerate(bands):
            if band.below is not None and band.below <= band.from_minutes:
                detail = f"more than from_minutes, {band.from_minutes}"
                yield FieldError(pointer=f"{pointer}/{place}/below", detail=detail)
        for place, (lower, upper) in enumerate(pairwise(bands), start=1):
            if lower.below is None or upper.from_minutes < lower.below:
                detail = "begins where the step before it ends, or later"
                yield FieldError(pointer=f"{pointer}/{place}/from_minutes", detail=detail)
        codes = [band.code for band in bands]
        if len(set(codes)) < len(codes):
            yield FieldError(pointer=pointer, detail="every step has a code of its own")
        if no_scan is not None and no_scan not in codes:
            detail = f"one of {', '.join(codes) or 'the steps'}"
            yield FieldError(pointer=f"/bands/table/no_scan_{family}", detail=detail)


def _table(choice: BandsChoice) -> BandsTerms:
    """The table itself: a preset of a later release does not change what was entered."""
    return choice.table or bands_shown(PRESETS[str(choice.preset)])


def _band_shown(band: Band) -> BandTerms:
    return BandTerms(
        code=band.code, from_minutes=band.from_minutes, below=band.below, percent=band.percent
    )


def _week_shown(week: Week) -> dict[str, object]:
    shown = zip(WEEKDAYS, week.days, strict=True)
    return {weekday: _hours_shown(hours) for weekday, hours in shown if hours is not None}


def _hours_shown(hours: Hours) -> dict[str, object]:
    return _span(hours) | {"breaks": [_span(rest) for rest in hours.breaks]}


def _span(stretch: Hours | Break | Core) -> dict[str, object]:
    return {"start": f"{stretch.start:%H:%M}", "end": f"{stretch.end:%H:%M}"}
