"""What the top of the tree is told in the morning, and when its morning is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from contracts.overdue_digests import MOST_ITEMS, OverdueDigestMade, OverdueItem
from rules.working_time import Schedule, working_intervals, zone
from services.tasks.help_requests.model import HelpRequest
from services.tasks.service_levels.watches import BREACH


@dataclass(frozen=True, slots=True)
class Digest:
    """What an agency was told on a day."""

    agency: AgencyCode
    on: date
    made_at: datetime
    total: int
    items: tuple[OverdueItem, ...]


def morning(at: datetime, schedule: Schedule) -> date | None:
    """The day whose digest may be made at a moment: from the beginning of its working hours on."""
    today = at.astimezone(zone(schedule.zone)).date()
    hours = working_intervals(schedule, today)
    return today if hours and at >= hours[0].start else None


def make(
    agency: AgencyCode, on: date, at: datetime, overdue: Sequence[HelpRequest]
) -> Decision[Digest]:
    """The digest of a day; where nothing is overdue nobody is told, and the day is done."""
    late = sorted(
        (item for request in overdue for item in _items(request)), key=lambda item: item.due
    )
    digest = Digest(agency, on, at, len(late), tuple(late[:MOST_ITEMS]))
    if not late:
        return Decision(digest)
    told = OverdueDigestMade(agency=agency, on=on, total=digest.total, items=digest.items)
    return Decision(digest, (told,))


def _items(request: HelpRequest) -> list[OverdueItem]:
    return [
        OverdueItem(
            help_request=request.id,
            number=request.number,
            asking_agency=request.asking_agency,
            holding_agency=watch.agency,
            clock=watch.clock,
            due=watch.due,
            step=watch.taken - 1 - BREACH,
        )
        for watch in request.watches
        if not watch.stopped and watch.taken > BREACH + 1 and watch.due is not None
    ]
