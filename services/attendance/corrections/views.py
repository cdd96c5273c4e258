"""A correction as callers see it."""

from contracts.corrections import CorrectionView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.corrections.model import Correction
from services.attendance.requests.onlooker import Onlooker, possible


def correction_view(stored: Stored[Correction], onlooker: Onlooker) -> CorrectionView:
    """The correction with its history and what this caller may do with it now."""
    one = stored.state
    here = zone(one.time_zone)
    return CorrectionView(
        id=one.id,
        employee=onlooker.person(one.employee),
        agency=one.agency,
        date=one.date,
        first_in=one.first_in.astimezone(here) if one.first_in else None,
        last_out=one.last_out.astimezone(here) if one.last_out else None,
        reason=one.reason,
        attachments=one.attachments,
        state=one.state,
        requested_at=one.requested_at.astimezone(here),
        history=onlooker.steps(one, one.time_zone),
        actions=possible(onlooker.rights(one), one),
        version=stored.version,
    )
