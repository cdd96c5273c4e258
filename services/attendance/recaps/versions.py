"""The versions of patterns behind a recap: which ruled, and what they say."""

from collections.abc import Iterable
from datetime import date, timedelta

from contracts.recaps import RecapBand, RecapVersion
from rules.patterns import Band, PatternVersion
from services.attendance.context import Attendance
from services.attendance.recaps.model import four_places


async def versions_of(
    attendance: Attendance, agencies: Iterable[str], first: date, last: date
) -> dict[str, PatternVersion]:
    """The versions that rule days of these agencies between two dates, by their ids."""
    book = await attendance.patterns.book()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        version.id: version
        for agency in sorted(agencies)
        for on in days
        for version in book.patterns_ruling(agency, on)
    }


def version_view(version: PatternVersion) -> RecapVersion:
    """A version as the explanation of a recap shows it."""
    bands = version.bands
    return RecapVersion(
        id=version.id,
        pattern=version.pattern,
        effective_from=version.effective_from,
        recorded_at=version.recorded_at,
        decree=version.decree,
        seconds_rule=version.seconds_rule,
        bands=bands.name,
        late=tuple(_band_view(band) for band in bands.late),
        early=tuple(_band_view(band) for band in bands.early),
        no_scan_late=bands.no_scan_late,
        no_scan_early=bands.no_scan_early,
        absent_percent=four_places(bands.absent_percent),
        minutes_per_absent_day=version.minutes_per_absent_day,
    )


def _band_view(band: Band) -> RecapBand:
    return RecapBand(
        code=band.code,
        from_minutes=band.from_minutes,
        below=band.below,
        percent=four_places(band.percent),
    )
