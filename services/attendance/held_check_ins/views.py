"""A check-in that waits, as the one who decides sees it."""

from contracts.check_ins import HeldCheckInView
from contracts.people import PersonView
from kit.storage.aggregates import Stored
from services.attendance.days.model import Day
from services.attendance.days.views import check_in_view
from services.attendance.held_check_ins.store import Held


def held_view(
    held: Held, person: PersonView, stored: Stored[Day], *, decides: bool
) -> HeldCheckInView | None:
    """What was recorded and what became of it; the day says it, however old the list is."""
    punch = stored.state.punch(held.check_in)
    if punch is None:
        return None
    shown = check_in_view(stored, held.check_in)
    pending = punch.standing == "pending"
    return HeldCheckInView(
        id=held.check_in,
        person=person,
        date=held.date,
        direction=punch.direction,
        office=punch.office,
        method=punch.method,
        offline=punch.offline,
        at=shown.at,
        note=punch.note,
        flags=punch.flags,
        state="pending" if pending else "confirmed" if punch.standing == "counts" else "declined",
        decided_at=punch.decided.at.astimezone(shown.at.tzinfo) if punch.decided else None,
        decided_by=punch.decided.by if punch.decided else None,
        decision_note=punch.decided.note if punch.decided else None,
        actions=("confirm", "decline") if decides and pending else (),
        version=stored.version,
    )
