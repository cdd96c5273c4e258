"""A day and a check-in as callers see them: in the agency's zone, with reasons in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.attendance_views import (
    AbsenceOfDay,
    CheckInView,
    CorrectionOfDay,
    DayView,
    ExpectedView,
    HolidayView,
    LockOfDay,
    PunchView,
    ReasonView,
)
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.days.explanation import Reason
from services.attendance.days.figures import Lock
from services.attendance.days.inputs import Absence, Act, Correction, Elsewhere, Pardon
from services.attendance.days.model import Day, Punch
from services.attendance.recomputations.model import figures_of


def day_view(stored: Stored[Day]) -> DayView:
    """The whole day."""
    day = stored.state
    local = zone(day.time_zone)
    return DayView.model_construct(
        id=stored.id,
        employee_id=day.employee,
        agency=day.agency,
        date=day.date,
        status=day.status,
        working_day=day.working_day,
        pattern=day.pattern,
        policy_version=day.policy_version,
        expected=ExpectedView.model_construct(
            start=_local(day.expected_start, local), end=_local(day.expected_end, local)
        ),
        first_in=_local(day.first_in, local),
        last_out=_local(day.last_out, local),
        worked_minutes=day.worked_minutes,
        late_minutes=day.late_minutes,
        late_band=day.late_band,
        early_minutes=day.early_minutes,
        early_band=day.early_band,
        absences=tuple(
            _absence(one, local) for one in day.inputs if not isinstance(one, Correction)
        ),
        corrections=tuple(
            CorrectionOfDay.model_construct(
                id=one.id,
                first_in=_local(one.first_in, local),
                last_out=_local(one.last_out, local),
            )
            for one in day.inputs
            if isinstance(one, Correction)
        ),
        holiday=HolidayView(kind=day.holiday.kind, name=day.holiday.name_id)
        if day.holiday
        else None,
        punches=tuple(_punch_view(punch, local) for punch in day.punches),
        closed=day.closed,
        locked=_lock(day.locked),
        version=stored.version,
        explanation=tuple(_reason_view(reason) for reason in day.explanation),
        actions=(),
    )


def check_in_view(stored: Stored[Day], punch_id: str) -> CheckInView:
    """What a check-in is answered with."""
    day = stored.state
    local = zone(day.time_zone)
    punch = day.punch(punch_id)
    if punch is None:
        raise LookupError(f"{stored.id} has no punch {punch_id}")
    shown = _punch_view(punch, local)
    return CheckInView.model_construct(
        id=punch.id,
        employee_id=day.employee,
        direction=punch.direction,
        office=punch.office,
        method=punch.method,
        at=shown.at,
        received_at=shown.received_at,
        offline=punch.offline,
        move=punch.move,
        late_minutes=day.late_minutes_of(punch.id),
        flags=punch.flags,
        standing=punch.standing,
        note=punch.note,
        clock_drift_s=punch.clock_drift_s,
        day=day_view(stored),
        version=stored.version,
        actions=(),
    )


def _absence(one: Absence | Act | Elsewhere | Pardon, local: ZoneInfo) -> AbsenceOfDay:
    match one:
        case Absence():
            return AbsenceOfDay.model_construct(
                id=one.id,
                type=one.type,
                kind=one.kind,
                effect=None,
                counts_as=one.counts_as,
                from_=_local(one.start, local),
                to=_local(one.end, local),
            )
        case Act():
            return AbsenceOfDay.model_construct(
                id=one.id,
                type=one.type,
                kind=None,
                effect=one.effect,
                counts_as=None,
                from_=_local(one.start, local),
                to=_local(one.end, local),
            )
        case Elsewhere():
            return AbsenceOfDay(id=one.id, type=one.type)
        case Pardon():
            return AbsenceOfDay(id=one.id, type=one.type, kind=one.excuse)


def _lock(held: Lock | None) -> LockOfDay | None:
    if held is None:
        return None
    return LockOfDay.model_construct(
        period=held.period,
        revision=held.revision,
        counts=held.counts,
        later=figures_of(held.later) if held.later else None,
    )


def _punch_view(punch: Punch, local: ZoneInfo) -> PunchView:
    return PunchView.model_construct(
        id=punch.id,
        direction=punch.direction,
        office=punch.office,
        method=punch.method,
        at=punch.at.astimezone(local),
        received_at=punch.received_at.astimezone(local),
        offline=punch.offline,
        move=punch.move,
        device=punch.device,
        flags=punch.flags,
        standing=punch.standing,
        note=punch.note,
        clock_drift_s=punch.clock_drift_s,
    )


def _reason_view(reason: Reason) -> ReasonView:
    return ReasonView.model_construct(
        rule=reason.rule, facts=reason.facts, result=reason.result, text=None
    )


def _local(moment: datetime | None, local: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(local)
