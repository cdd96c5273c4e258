"""A capture: what is known of one check-in by phone, as the detectors read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FINE_M = 20.0
"""Below this accuracy a phone claims to see satellites; coarser positions repeat by nature."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The exact position: degrees, metres of accuracy, and whether the phone calls it mocked."""

    lat: float
    lon: float
    accuracy_m: float
    mocked: bool = False

    @property
    def is_fine(self) -> bool:
        """Whether it claims satellites and is written finely enough to differ each time.

        Positions by wireless networks are the same for everybody in a room, and four decimals are
        eleven metres.
        """
        return self.accuracy_m < FINE_M and not self._written_with(4)

    @property
    def is_very_fine(self) -> bool:
        """Whether it is written to the centimetre, where nobody meets anybody by chance."""
        return not self._written_with(6)

    @property
    def at(self) -> tuple[float, float]:
        """The coordinates as they were written."""
        return self.lat, self.lon

    def _written_with(self, decimals: int) -> bool:
        return round(self.lat, decimals) == self.lat and round(self.lon, decimals) == self.lon


@dataclass(frozen=True, slots=True)
class Capture:
    """One check-in by phone: when, where, by which proof; moments are UTC."""

    check_in: str
    employee: str
    at: datetime
    received_at: datetime
    office: str | None
    captured_at: datetime | None = None
    offline: bool = False
    by_kiosk: bool = False
    elsewhere: bool = False
    spot: Spot | None = None

    @property
    def age(self) -> timedelta:
        """How long before its arrival it says it was made."""
        return timedelta() if self.captured_at is None else self.received_at - self.captured_at
