"""Which day is played, and its moments on the clocks of the city."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.presets import city_schedule

CITY = ZoneInfo("Asia/Jakarta")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workday:
    """A working day, and the minute of the day at which duty ends."""

    on: date
    ends: int

    @property
    def period(self) -> str:
        """The month in whose scores it counts."""
        return f"{self.on:%Y-%m}"

    def at(self, clock: str) -> datetime:
        """The moment at which the city's clocks show this, as ``07:12:30``."""
        return datetime.combine(self.on, time.fromisoformat(clock), CITY)

    def after_midnight(self, seconds: int) -> datetime:
        """The moment so many seconds after midnight."""
        return self.at("00:00") + timedelta(seconds=seconds)


def most_recent(today: date) -> Workday:
    """The most recent working day before today."""
    schedule = city_schedule()
    on = today - _ONE_DAY
    while (hours := schedule.hours_on(on)) is None:
        on -= _ONE_DAY
    return Workday(on, hours.span[1])


def today() -> date:
    """The date in the city."""
    return datetime.now(CITY).date()
