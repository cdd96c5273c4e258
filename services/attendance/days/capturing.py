"""What a phone captured: which moment counts, by which proof, and which kiosk showed its code."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.attendance import RecordCheckIn
from contracts.envelope import Command
from contracts.outcome import Refusal
from kit.ids import derived_id
from rules.working_time import zone
from services.attendance.context import Attendance
from services.attendance.days.geofence import Position
from services.attendance.days.model import Punch
from services.attendance.days.moments import (
    Moment,
    clock_drift_s,
    drifts,
    effective_moment,
    nonce_covers,
)
from services.attendance.kiosks.model import Shown


@dataclass(frozen=True, slots=True)
class Captured:
    """The moment that counts, where a code was shown, where the phone was, how wrong its clock."""

    moment: Moment
    shown: Shown | None
    position: Position | None
    drift_s: int | None


async def captured(command: Command[RecordCheckIn], attendance: Attendance) -> Captured:
    """Read a check-in; refused where neither nonce nor code hold."""
    body = command.body
    moment = await _moment(command, attendance)
    shown: Shown | None = None
    if body.kiosk_code is not None:
        moment, shown = await _shown(body.kiosk_code, moment, command.received_at, attendance)
    drift_s = clock_drift_s(body.sent_at, command.received_at)
    if drifts(drift_s):
        moment = replace(moment, flags=(*moment.flags, "clock_drift"))
    return Captured(moment, shown, _position(body), drift_s)


async def use_nonce(command: Command[RecordCheckIn], attendance: Attendance) -> None:
    """Use the nonce up for this command, if it has one."""
    nonce = command.body.nonce
    if nonce is not None and not await attendance.nonces.use(nonce, command.id):
        raise Refusal("nonce_wrong")


async def _moment(command: Command[RecordCheckIn], attendance: Attendance) -> Moment:
    body = command.body
    if body.nonce is None:
        return effective_moment(captured_at=body.captured_at, received_at=command.received_at)
    if body.captured_at is None:
        raise Refusal.invalid("/captured_at", "a nonce goes with the moment of the capture")
    issued = await attendance.nonces.issued_at(
        body.nonce, command.actor.account, body.device, command.id
    )
    if issued is None:
        await _refuse_what_is_stored(command, body.nonce, body.captured_at, attendance)
    if issued is None or not nonce_covers(
        issued_at=issued, captured_at=body.captured_at, received_at=command.received_at
    ):
        raise Refusal("nonce_wrong")
    return effective_moment(
        captured_at=body.captured_at, received_at=command.received_at, nonce_ok=True
    )


async def _refuse_what_is_stored(
    command: Command[RecordCheckIn], nonce: str, captured_at: datetime, attendance: Attendance
) -> None:
    """The very capture that used this nonce is a repeat, however it is sent again.

    A phone that heard no answer sends its captures once more, perhaps in another batch.
    """
    user = await attendance.nonces.used_by(nonce, command.actor.account)
    employee = command.actor.employee
    if user is None or employee is None:
        return
    on, beside = captured_at.date(), timedelta(days=1)
    for stored in await attendance.days.between(employee, on - beside, on + beside):
        punch = stored.state.punch(punch_id(user))
        if punch is not None and _same_capture(punch, command):
            at = punch.at.astimezone(zone(stored.state.time_zone)).isoformat()
            raise Refusal("already_checked_in", at=at, office=punch.office)


def _same_capture(punch: Punch, command: Command[RecordCheckIn]) -> bool:
    said = effective_moment(
        captured_at=command.body.captured_at, received_at=command.received_at, nonce_ok=True
    )
    return punch.direction == command.body.direction and punch.at == said.at


def punch_id(command: str) -> str:
    """The id of the check-in that a command records."""
    return derived_id(command, "punch")


async def _shown(
    code: str, moment: Moment, received_at: datetime, attendance: Attendance
) -> tuple[Moment, Shown]:
    """Where the code was shown at the moment that counts.

    The code tells the time, too: where it is that of the arrival and not of a trusted capture, the
    phone's clock is behind, and the arrival counts.
    """
    moments = (moment.at,) if moment.offline else (moment.at, received_at)
    found = await attendance.kiosks.shown(code, *moments)
    if found is None:
        raise Refusal("kiosk_code_wrong")
    shown, fits = found
    if fits == moment.at:
        return moment, shown
    arrival = effective_moment(received_at=received_at)
    return Moment(arrival.at, flags=(*moment.flags, "clock_behind")), shown


def _position(body: RecordCheckIn) -> Position | None:
    given = body.position
    if given is None:
        return None
    return Position(given.lat, given.lon, given.accuracy_m, given.mocked)
