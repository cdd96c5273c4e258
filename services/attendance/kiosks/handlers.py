"""Kiosks show their code; administrators replace their secret."""

import secrets

from contracts.directory import OfficeVersion
from contracts.envelope import Command, OfficeCode, Query, Verdict
from contracts.kiosks import GetKiosk, KioskView, RotateKiosk
from contracts.outcome import Refusal
from kit.clock import now
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from rules.versions import in_force
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.kiosks.model import opened, rotated
from services.attendance.kiosks.views import kiosk_view, secret_view

handlers: Handlers[Attendance] = Handlers()

_KEY_BYTES = 32
_CITY_ZONE = "Asia/Jakarta"


@handlers.answers(GetKiosk)
async def get_kiosk(query: Query[GetKiosk], attendance: Attendance) -> KioskView:
    """The code of this moment; the first request opens the kiosk."""
    code = OfficeCode(query.body.office)
    access.may_show_kiosk(query.actor, code)
    office = await _open_office(attendance, code)
    stored = await attendance.kiosks.get(code)
    if stored is None:
        key, moment = secrets.token_hex(_KEY_BYTES), now()
        cause = Cause(
            derived_id("kiosk", code, "opened"), query.correlation_id, query.actor, moment
        )
        await attendance.kiosks.change(
            code, lambda kiosk: opened(kiosk, code, key, moment), cause, secret_view
        )
        stored = await attendance.kiosks.get(code)
    if stored is None:
        raise Refusal("not_found")
    return kiosk_view(stored.state, office, now())


@handlers.handles(RotateKiosk)
async def rotate_kiosk(command: Command[RotateKiosk], attendance: Attendance) -> Verdict:
    """Replace the secret of an office's kiosk."""
    access.may_rotate_kiosks(command.actor)
    code = OfficeCode(command.body.office)
    await _open_office(attendance, code)
    key, moment = secrets.token_hex(_KEY_BYTES), now()
    return await attendance.kiosks.change(
        code,
        lambda kiosk: rotated(kiosk, code, key, moment, compromised=command.body.compromised),
        command,
        secret_view,
    )


async def _open_office(attendance: Attendance, code: OfficeCode) -> OfficeVersion:
    """The office as it is today; unknown and closed ones have no kiosk."""
    versions = (await attendance.copies.offices()).versions.get(code, ())
    today = now().astimezone(zone(_CITY_ZONE)).date()
    version = in_force(versions, today)
    if version is None or (version.until is not None and version.until < today):
        raise Refusal("not_found")
    return version
