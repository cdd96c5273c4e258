"""A review as those see it whom it concerns."""

from contracts.people import PersonView
from contracts.reviews import OccurrenceView, ReviewView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance.reviews.model import Review


def review_view(
    stored: Stored[Review], person: PersonView, local: str, *, decides: bool
) -> ReviewView:
    """What was found day by day, and what was decided."""
    review, here = stored.state, zone(local)
    outcome = review.outcome
    return ReviewView(
        id=review.id,
        kind=review.kind,
        person=person,
        agency=review.agency,
        period=review.period,
        score=review.score,
        state=review.state,
        found_at=review.found_at.astimezone(here),
        occurrences=tuple(
            OccurrenceView(
                date=each.date, score=each.score, check_ins=each.check_ins, facts=dict(each.facts)
            )
            for each in review.occurrences
        ),
        decided_at=outcome.at.astimezone(here) if outcome else None,
        decided_by=outcome.by if outcome else None,
        decision_note=outcome.note if outcome else None,
        actions=("confirm", "dismiss") if decides and review.state == "open" else (),
        version=stored.version,
    )
