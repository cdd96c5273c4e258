"""What a kiosk shows, and what is said about its secret."""

from datetime import datetime

from contracts.directory import OfficeVersion
from contracts.kiosks import KioskSecretView, KioskView
from contracts.outcome import Refusal
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.kiosks.model import STEP_S, Kiosk, span_of, spoken, step_of
from services.attendance.kiosks.qr import qr_svg


def kiosk_view(kiosk: Kiosk, office: OfficeVersion, at: datetime) -> KioskView:
    """The code of the moment, in the office's zone."""
    step = step_of(at)
    code = kiosk.code_at(step)
    if code is None:
        raise Refusal("not_found")
    local = zone(office.time_zone)
    start, end = (moment.astimezone(local) for moment in span_of(step))
    return KioskView(
        office=kiosk.office,
        name=office.name,
        code=spoken(code),
        qr_svg=qr_svg(code),
        step_s=STEP_S,
        valid_from=start,
        valid_until=end,
        as_of=at.astimezone(local),
    )


def secret_view(stored: Stored[Kiosk]) -> KioskSecretView:
    """When the secret was replaced and how many are kept."""
    kiosk = stored.state
    return KioskSecretView(
        office=kiosk.office,
        rotated_at=kiosk.rotated_at,
        secrets=len(kiosk.secrets),
        version=stored.version,
    )
