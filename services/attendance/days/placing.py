"""Where a check-in happened: by the kiosk's code, by the position, or on duty outside every office.

A code proves the office; a position that comes with it is kept beside it and only flagged, since
codes can be passed on (domain.md §3.2). A check-in on duty waits for the supervisor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.attendance_terms import Method
from contracts.envelope import OfficeCode
from contracts.outcome import Refusal
from services.attendance.days.geofence import (
    ACCURACY_LIMIT_M,
    Place,
    Position,
    is_inside,
    locate,
)
from services.attendance.kiosks.model import Shown

_OUTSIDE = {"outside_every_office", "position_too_coarse"}


@dataclass(frozen=True, slots=True)
class Placed:
    """The office (none on duty), how it is known, what is odd, and whether it waits."""

    office: OfficeCode | None
    method: Method
    flags: tuple[str, ...] = ()
    kiosk_use: str | None = None
    pending: bool = False


def place(
    position: Position | None, shown: Shown | None, places: Sequence[Place], *, on_duty: bool
) -> Placed:
    """Find the office; a code goes before the position, an office before a duty elsewhere."""
    if shown is not None:
        return _at_the_kiosk(position, shown, places)
    if position is None:
        if on_duty:
            return Placed(None, "duty", ("no_position",), pending=True)
        raise Refusal.invalid("/position", "state the position of the phone, or a kiosk's code")
    try:
        located = locate(position, places)
    except Refusal as refusal:
        if on_duty and refusal.problem.code in _OUTSIDE:
            return Placed(None, "duty", _oddities(position), pending=True)
        raise
    return Placed(located.office, "position", located.flags)


def _at_the_kiosk(position: Position | None, shown: Shown, places: Sequence[Place]) -> Placed:
    here = next((place for place in places if place.office == shown.office), None)
    if here is None:
        raise Refusal("kiosk_code_wrong")
    if position is None:
        flags: tuple[str, ...] = ("no_position",)
    else:
        elsewhere = not is_inside(position, here)
        flags = (*(("position_elsewhere",) if elsewhere else ()), *_oddities(position))
    return Placed(shown.office, "kiosk", flags, kiosk_use=shown.use)


def _oddities(position: Position) -> tuple[str, ...]:
    coarse = ("position_coarse",) if position.accuracy_m > ACCURACY_LIMIT_M else ()
    return (*coarse, *(("mocked_location",) if position.mocked else ()))
