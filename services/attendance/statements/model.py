"""What changed a day, told from the day itself and from what recomputations wrote down. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from contracts.recomputations import DayFigures
from contracts.statements import ChangeKind, DayChange
from services.attendance.days.model import Day
from services.attendance.days.punches import Punch
from services.attendance.requests.model import Request

_BY_METHOD: dict[str, ChangeKind] = {"import": "imported", "device": "from_device"}


def changes_of(day: Day) -> Iterator[DayChange]:
    """Every punch when it came in."""
    for punch in day.punches:
        yield _recorded(day.date, punch)


def steps_of(on: date, kind: ChangeKind, request: Request) -> Iterator[DayChange]:
    """Everything that was done to a request that lies on a day: asked for, approved, taken back."""
    for step in request.history:
        yield DayChange(
            at=step.deed.at,
            date=on,
            kind=kind,
            source=request.id,
            by=step.deed.account,
            after=step.state,
        )


def recomputed(on: date, at: datetime, job: str, by: str, row: Mapping[str, Any]) -> DayChange:
    """A day that a recomputation changed."""
    before = DayFigures.model_validate(row["before"])
    after = DayFigures.model_validate(row["after"])
    return DayChange(
        at=at,
        date=on,
        kind="recomputed",
        source=job,
        by=by,
        before=_short(before),
        after=_short(after),
    )


def in_order(changes: Iterable[DayChange]) -> tuple[DayChange, ...]:
    """Changes by day, those of a day as they came; what has no moment comes last."""
    return tuple(
        sorted(
            changes,
            key=lambda one: (one.date, one.at is None, one.at.timestamp() if one.at else 0),
        )
    )


def _recorded(on: date, punch: Punch) -> DayChange:
    kind = _BY_METHOD.get(punch.method, "recorded")
    return DayChange(at=punch.received_at, date=on, kind=kind, source=punch.id)


def _short(figures: DayFigures) -> str:
    bands = (band for band in (figures.late_band, figures.early_band) if band)
    return " ".join((figures.status, *bands, figures.policy_version))
