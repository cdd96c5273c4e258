"""An absence as callers see it."""

from contracts.absences import AbsenceView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.absences.model import Absence
from services.attendance.requests.onlooker import Onlooker, possible


def absence_view(stored: Stored[Absence], onlooker: Onlooker) -> AbsenceView:
    """The absence with its history and what this caller may do with it now."""
    absence = stored.state
    here = zone(absence.time_zone)
    stretch = absence.stretch
    start, end = stretch.start, stretch.end
    return AbsenceView(
        id=absence.id,
        employee=onlooker.person(absence.employee),
        agency=absence.agency,
        kind=absence.kind,
        counts_as=absence.counts_as,
        whole_days=stretch.whole_days,
        from_=start.astimezone(here) if start else stretch.first,
        to=end.astimezone(here) if end else stretch.last,
        reference=absence.reference,
        attachments=absence.attachments,
        note=absence.note,
        state=absence.state,
        requested_at=absence.requested_at.astimezone(here),
        history=onlooker.steps(absence, absence.time_zone),
        actions=possible(onlooker.rights(absence), absence),
        version=stored.version,
    )
