"""A correction of a day: asked for, decided, and what it makes of the day."""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # the field is called date
from datetime import datetime, timedelta
from typing import TypeVar

from contracts.corrections import CorrectionDecided, CorrectionFacts, CorrectionRequested
from contracts.outcome import Refusal
from rules.working_time import zone
from services.attendance.days import inputs
from services.attendance.requests.model import DayRequest

_DAY = timedelta(days=1)
_F = TypeVar("_F", bound=CorrectionFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(DayRequest):
    """The moments (UTC) that are to count on a day instead of what was recorded."""

    date: Date
    time_zone: str
    reason: str
    first_in: datetime | None = None
    last_out: datetime | None = None
    attachments: tuple[str, ...] = ()

    @property
    def about(self) -> Date:
        """The day."""
        return self.date

    @property
    def days(self) -> tuple[Date, ...]:
        """The day."""
        return (self.date,)

    def input(self) -> inputs.Input:
        """What the day takes into account."""
        return inputs.Correction(self.id, self.decided_at, self.first_in, self.last_out)

    def requested(self) -> CorrectionRequested:
        """It was asked for."""
        return self._facts(CorrectionRequested)

    def decided(self) -> CorrectionDecided:
        """It was approved, rejected or withdrawn."""
        return self._facts(CorrectionDecided)

    def _facts(self, event: type[_F]) -> _F:
        return event(
            correction=self.id,
            employee=self.employee,
            agency=self.agency,
            date=self.date,
            state=self.state,
        )


def check_moments(
    on: Date,
    first_in: datetime | None,
    last_out: datetime | None,
    zone_name: str,
    at: datetime,
    *,
    under: str = "",
) -> None:
    """Refuse moments that are none of this day (or of the night after it), or still to come.

    ``under`` is the pointer of what holds the two fields.
    """
    if first_in is None and last_out is None:
        raise Refusal.invalid(f"{under}/first_in", "state first_in, last_out or both")
    here = zone(zone_name)
    for field, moment in (("first_in", first_in), ("last_out", last_out)):
        if moment is None:
            continue
        if not on <= moment.astimezone(here).date() <= on + _DAY:
            raise Refusal.invalid(f"{under}/{field}", f"a moment of {on} or of the night after it")
        if moment > at:
            raise Refusal.invalid(f"{under}/{field}", "not in the future")
    if first_in is not None and last_out is not None and last_out <= first_in:
        raise Refusal.invalid(f"{under}/last_out", "after first_in")
